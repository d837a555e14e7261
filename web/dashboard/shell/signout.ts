import { session } from '@core/api.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useTry } from '../state/desk.tsx';

export function useSignOut(): () => void {
  const client = useQueryClient();
  const navigate = useNavigate();
  const attempt = useTry();
  return useCallback(() => {
    void attempt(async () => {
      await session.signOut();
      await navigate({ to: '/sign-in', search: {}, replace: true });
      client.clear(); // nothing of this workspace stays in memory
    });
  }, [attempt, client, navigate]);
}
