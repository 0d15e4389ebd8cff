export function Brand() {
  return (
    <div class="brand">
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M8 1a1 1 0 0 1 1 1v.6A4.500 4.500 0 0 1 12.500 7v3.200l1.200 1.600a.5.5 0 0 1-.4.8H2.700a.5.5 0 0 1-.4-.8l1.200-1.600V7A4.500 4.500 0 0 1 7 2.600V2a1 1 0 0 1 1-1ZM6.200 13.600h3.600a1.800 1.800 0 0 1-3.600 0Z" />
      </svg>
      Carillon
    </div>
  );
}
