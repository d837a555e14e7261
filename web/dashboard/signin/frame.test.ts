import { describe, expect, it } from 'vitest';
import { cleanDomain } from '../channels/form.tsx';
import { dropsCookie } from './frame.tsx';

describe('dropsCookie', () => {
  it('warns on plain http off this machine only', () => {
    const place = (protocol: string, hostname: string) => dropsCookie({ protocol, hostname });
    expect(place('http:', 'localhost')).toBe(false);
    expect(place('http:', '127.0.0.1')).toBe(false);
    expect(place('http:', '[::1]')).toBe(false);
    expect(place('https:', 'parley.example.com')).toBe(false);
    expect(place('http:', 'parley.example.com')).toBe(true);
    expect(place('http:', '192.168.1.5')).toBe(true);
  });
});

describe('cleanDomain', () => {
  it('makes a host of what people paste, and refuses the rest', () => {
    expect(cleanDomain(' https://Shop.Example.com/page?x=1 ')).toBe('https://shop.example.com');
    expect(cleanDomain('shop.example.com')).toBe('https://shop.example.com');
    expect(cleanDomain('http://localhost:8080')).toBe('http://localhost:8080');
    expect(cleanDomain('*.example.com')).toBe('https://*.example.com');
    expect(cleanDomain('*.com*')).toBe('');
    expect(cleanDomain('https://u:p@a.example')).toBe('');
    expect(cleanDomain('not a domain')).toBe('');
    expect(cleanDomain('')).toBe('');
  });
});
