package dev.slipway.store;

/** Where transactions run: the open database of this process, or a connection beside it. */
interface Transactions {
  /**
   * Runs the work as one transaction; on disk when this returns, undone when it throws.
   *
   * @throws StoreException when the database cannot be written
   */
  <T> T write(SqlWork<T> work);

  /**
   * Reads what was last committed.
   *
   * @throws StoreException when the database cannot be read
   */
  <T> T read(SqlWork<T> work);
}
