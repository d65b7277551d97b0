package io.billingsdk.server.statistics;

import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.http.ApiResponse.Streaming;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.http.LastingExchange;
import io.billingsdk.server.http.Problem;
import io.billingsdk.server.http.Problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Figures of somebody as server-sent events: when they change, and otherwise every few seconds.
 * Each look asks again whether the token is still good. It has a thread only while it looks.
 * Thread-safe.
 */
final class LiveStream implements Streaming {
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** After so many looks without a change the figures are said again: every 5 seconds. */
  private static final int QUIET_LOOKS = 10;

  private final Supplier<Seen> source;
  private final LastingExchange exchange;
  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile boolean over;
  private volatile @Nullable Future<?> timer;

  // Of the one thread that looks.
  private @Nullable Tally last;
  private int quiet;

  /**
   * What a look finds.
   *
   * @param tally by which a change is known; the answer has the time that has passed too
   */
  record Seen(Tally tally, Object answer) {}

  /**
   * A stream that has not begun.
   *
   * @param source throws a {@link ProblemException} once the token is no longer good
   */
  LiveStream(Supplier<Seen> source, LastingExchange exchange) {
    this.source = source;
    this.exchange = exchange;
  }

  @Override
  public void begin() {
    exchange.begin();
    timer = exchange.every(PAUSE, this::look);
    look();
  }

  private void look() {
    // A reader who is behind gets the newest figures once they have caught up.
    if (!over && !exchange.isFull() && looking.compareAndSet(false, true)) {
      if (!exchange.store(this::show)) {
        looking.set(false);
      }
    }
  }

  private void show() {
    try {
      Seen seen = source.get();
      quiet++;
      if (!over && (!seen.tally().equals(last) || quiet >= QUIET_LOOKS)) {
        last = seen.tally();
        quiet = 0;
        String data = new String(Json.bytes(seen.answer()), StandardCharsets.UTF_8);
        say("event: usage_update", "data: " + data, "");
      }
    } catch (ProblemException refused) {
      end(refused.problem());
    } catch (DatabaseException away) {
      say(": the figures cannot be read just now", "");
    } finally {
      looking.set(false);
    }
  }

  @Override
  public void end(Problem why) {
    gone();
    say(": it ends: " + Problem.oneLine(why.detail()), "");
    exchange.close();
  }

  @Override
  public void gone() {
    over = true;
    Future<?> started = timer;
    if (started != null) {
      boolean unused = started.cancel(/* mayInterruptIfRunning= */ false);
    }
  }

  private void say(String... lines) {
    exchange.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
