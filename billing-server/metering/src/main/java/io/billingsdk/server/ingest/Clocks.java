package io.billingsdk.server.ingest;

import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the clocks of the instances say of this server's: each batch says when it was sent. Says so
 * in the log when they do not agree, and whose is wrong, as far as can be known. Thread-safe.
 */
final class Clocks {
  private static final Logger log = LoggerFactory.getLogger(Clocks.class);

  private static final long AHEAD_MILLIS = Duration.ofHours(12).toMillis();

  /** A batch may have waited for a day at a broker without a server. */
  private static final long BEHIND_MILLIS = Duration.ofHours(36).toMillis();

  private static final long FORGOTTEN_NANOS = Duration.ofMinutes(10).toNanos();
  private static final long TOLD_AGAIN_NANOS = Duration.ofHours(1).toNanos();

  /** Beyond it this server's own clock was set: by the monotonic one, less has passed. */
  private static final long JUMP_MILLIS = Duration.ofHours(6).toMillis();

  /** A memory of more would be of no use. */
  private static final int MOST = 10_000;

  private final Clock clock;
  private final LongSupplier nanos;

  // All guarded by this.
  private final Map<String, Said> last = new LinkedHashMap<>();
  private int differing;
  private long aheadOfMonotonicMillis;
  private State told = State.AGREED;
  private long toldAtNanos;

  private enum State {
    AGREED,
    A_FEW_DIFFER,
    MOST_DIFFER
  }

  /** How far an instance's clock was ahead of this server's. */
  private record Said(long offsetMillis, long atNanos) {
    boolean differs() {
      return !agree(offsetMillis);
    }
  }

  /** Of nobody yet; {@code clock} is the server's. */
  Clocks(Clock clock) {
    this(clock, System::nanoTime);
  }

  Clocks(Clock clock, LongSupplier nanos) {
    this.clock = clock;
    this.nanos = nanos;
    this.aheadOfMonotonicMillis = aheadOfMonotonic();
  }

  private long aheadOfMonotonic() {
    return clock.millis() - nanos.getAsLong() / 1_000_000;
  }

  /** After a jump of this server's clock, what was said before is of another clock. */
  private void forgetAfterAJump() {
    long ahead = aheadOfMonotonic();
    if (Math.abs(ahead - aheadOfMonotonicMillis) > JUMP_MILLIS) {
      aheadOfMonotonicMillis = ahead;
      last.clear();
      differing = 0;
    }
  }

  /**
   * An instance has said what its clock shows.
   *
   * @return how far ahead of this server's it is; null when it has said nothing
   */
  @Nullable Long said(String instance, long sentAtMillis) {
    if (sentAtMillis <= 0) {
      return null;
    }
    long offset = sentAtMillis - clock.millis();
    note(instance, offset);
    return offset;
  }

  private synchronized void note(String instance, long offset) {
    forgetAfterAJump();
    long now = nanos.getAsLong();
    Said said = new Said(offset, now);
    forget(last.remove(instance));
    last.put(instance, said);
    differing += said.differs() ? 1 : 0;
    Iterator<Said> oldest = last.values().iterator();
    while (oldest.hasNext()) {
      Said next = oldest.next();
      if (last.size() <= MOST && now - next.atNanos() < FORGOTTEN_NANOS) {
        break;
      }
      oldest.remove();
      forget(next);
    }
    tell(instance, offset, now);
  }

  private void forget(@Nullable Said said) {
    differing -= said != null && said.differs() ? 1 : 0;
  }

  /**
   * Whether it is known that this server's clock is right, and the time of an event wrong: its
   * sender's clock agrees with this one, or those of most others do.
   *
   * @param offset how far the sender's clock is ahead; null when it does not say
   */
  synchronized boolean areWith(@Nullable Long offset) {
    forgetAfterAJump();
    return (offset != null && agree(offset)) || last.size() - differing > differing;
  }

  private static boolean agree(long offset) {
    return offset <= AHEAD_MILLIS && offset >= -BEHIND_MILLIS;
  }

  private void tell(String instance, long offset, long now) {
    State state =
        differing == 0
            ? State.AGREED
            : last.size() - differing > differing ? State.A_FEW_DIFFER : State.MOST_DIFFER;
    boolean again = state != State.AGREED && now - toldAtNanos >= TOLD_AGAIN_NANOS;
    if ((state == told && !again) || (state != State.AGREED && agree(offset))) {
      return;
    }
    told = state;
    toldAtNanos = now;
    switch (state) {
      case AGREED -> log.info("the clocks of the services agree with this server's again");
      case A_FEW_DIFFER ->
          log.warn(
              "the clocks of {} of {} services are wrong, that of {} by {}: their usage is stored"
                  + " with the times that they say, or refused. Set their clocks",
              differing,
              last.size(),
              instance,
              text(offset));
      case MOST_DIFFER ->
          log.error(
              "the clocks of {} of {} services differ from this server's, that of {} by {}. Is the"
                  + " clock of this server right? It says {}. Usage beyond the bounds of time is"
                  + " held until the clocks agree",
              differing,
              last.size(),
              instance,
              text(offset),
              clock.instant());
    }
  }

  private static String text(long offsetMillis) {
    long hours = Duration.ofMillis(Math.abs(offsetMillis)).toHours();
    String size = hours < 72 ? hours + " hours" : hours / 24 + " days";
    return size + (offsetMillis > 0 ? " ahead" : " behind");
  }
}
