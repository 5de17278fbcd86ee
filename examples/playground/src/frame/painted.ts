// When what is on the page has been painted: work that comes then keeps nobody waiting for the first sight of it.

/** Resolves behind the next frame, or soon where none comes, as in a tab that is not looked at. */
export const painted = (): Promise<void> =>
  new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, 100);
  });
