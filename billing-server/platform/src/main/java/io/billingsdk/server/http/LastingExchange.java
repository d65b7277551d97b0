package io.billingsdk.server.http;

import io.billingsdk.server.db.DatabaseException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;

/**
 * Both ways of a request that lasts, and the threads that work for it: it has none of its own. No
 * method waits. Thread-safe.
 */
public final class LastingExchange {
  private final Body body;
  private final Outgoing out;
  private final Rights rights;
  private final Pools pools;

  LastingExchange(Body body, Outgoing out, Rights rights, Pools pools) {
    this.body = body;
    this.out = out;
    this.rights = rights;
    this.pools = pools;
  }

  /** Sends the head of the answer. */
  public void begin() {
    out.begin();
  }

  /** Adds bytes to the answer, unless it was closed. They wait in memory: see {@link #isFull}. */
  public void write(byte[] bytes) {
    out.write(bytes);
  }

  /** Ends the answer. */
  public void close() {
    out.close();
  }

  /** Cuts the answer: its reader must not take a part of it for the whole. */
  public void cut(Throwable why) {
    out.cut(why);
  }

  /** Whether the reader of the answer is behind. */
  public boolean isFull() {
    return out.isFull();
  }

  /** Runs something, once, when the reader of the answer has caught up. */
  public void onRoom(Runnable action) {
    out.onRoom(action);
  }

  /** The body as it comes; expanded when it comes compressed. */
  public ByteParts parts(boolean isCompressed) {
    ByteParts sent = this::read;
    return isCompressed ? new Gunzip(sent) : sent;
  }

  private int read(byte[] buffer) throws IOException {
    return body.read(buffer);
  }

  /** Runs something once there is more of the body, or its end; on a thread that must not wait. */
  public void onMore(Runnable action) {
    body.more(action);
  }

  /**
   * Why nothing may be done by the token any more; empty while it may.
   *
   * @throws DatabaseException when nobody has looked lately, and that cannot be done now
   */
  public Optional<String> rightsEnded() {
    return rights.ended();
  }

  /** Stores what has come, by a thread for that; false when too much waits, or the server stops. */
  public boolean store(Runnable task) {
    return Pools.run(pools.lines(), task);
  }

  /** Shows what happens, by a thread for that; false when too much waits, or the server stops. */
  public boolean show(Runnable task) {
    return Pools.run(pools.watching(), task);
  }

  /** Does something short once. */
  public Future<?> after(Duration wait, Runnable task) {
    return pools.after(wait, task);
  }

  /** Does something short again and again. */
  public Future<?> every(Duration pause, Runnable task) {
    return pools.every(pause, task);
  }

  /** Bytes that come in parts, without a thread that waits for the next. */
  @FunctionalInterface
  public interface ByteParts {
    /**
     * The next ones, of those that are there.
     *
     * @return how many; 0 when there are none just now, -1 at the end
     * @throws IOException when it was cut
     */
    int read(byte[] buffer) throws IOException;
  }
}
