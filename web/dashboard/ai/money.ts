/** US cents as money: $0.38, and one digit more below a cent, so that little is not nothing. */
export function money(cents: number, locale: string): string {
  const small = cents > 0 && cents < 1;
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: 2,
    maximumFractionDigits: small ? 4 : 2,
  }).format(cents / 100);
}
