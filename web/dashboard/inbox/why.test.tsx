import type { Run } from '@core/ai.ts';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { show } from '../dev/render.tsx';
import { DeskContext, useDesk } from '../state/desk.tsx';
import WhyDialog from './why.tsx';

const run: Run = {
  id: '9',
  conversation_id: '100',
  decision: 'answer',
  outcome: 'drafted',
  reason: 'check_figures',
  engine: 'model',
  vendor: 'anthropic',
  model: 'a-model',
  confidence: 0.6,
  language: 'tr',
  topics: ['refund'],
  special: [],
  passages: [{ n: 1, source_id: '', passage_id: '5', name: '', heading: '', url: '', quote: '', score: 0.4 }],
  checks: [
    { name: 'found', ok: true, value: 1, limit: 1 },
    { name: 'answer_quote', ok: true, value: 0, limit: 0 },
    { name: 'answer_links', ok: true, value: 0, limit: 0 },
    { name: 'answer_figures', ok: false, value: 0, limit: 0 },
  ],
  ms: 1200,
  tokens_in: 10,
  tokens_out: 5,
  cents: 0.2,
  settings_version: 4,
  at: '2026-11-22T10:00:00Z',
  question: '',
};

function As({ permissions }: { permissions: string[] }) {
  const desk = useDesk();
  return (
    <DeskContext value={{ ...desk, me: { ...desk.me, permissions: permissions as never } }}>
      <WhyDialog run="9" conversation="100" message="" onClose={() => {}} />
    </DeskContext>
  );
}

async function look(...permissions: string[]) {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path);
    const body = path.includes('/ai/logs')
      ? {
          items: [
            {
              id: '1',
              run_id: '9',
              purpose: 'reply',
              model: 'a-model',
              prompt: '{"a":1}',
              completion: '',
              at: run.at,
            },
          ],
          next: '',
        }
      : run;
    return new Response(JSON.stringify(body));
  });
  await show(<As permissions={permissions} />);
  await screen.findByText('Written by Anthropic a-model');
  return asked;
}

test('what held is told in one line, what failed in its own, and a passage that is gone says so', async () => {
  await look('conversation.read');
  expect(screen.getByText('Guardrails passed: 2 of 3')).toBeTruthy();
  expect(screen.getByText('Figures, prices and dates stand in the source')).toBeTruthy();
  expect(screen.getByText('A check failed: Figures, prices and dates stand in the source')).toBeTruthy();
  expect(screen.getByText('Topic: Refunds')).toBeTruthy();
  expect(screen.getByText('No longer there')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'See what was sent' })).toBeNull();
});

test('what was sent is asked for by those who may, and only when they press', async () => {
  const asked = await look('conversation.read', 'workspace.write');
  expect(asked.some((p) => p.includes('/ai/logs'))).toBe(false);
  await userEvent.click(screen.getByRole('button', { name: 'See what was sent' }));
  await screen.findByText('Sent');
  expect(asked.filter((p) => p.includes('/ai/logs'))).toHaveLength(1);
});
