package io.billingsdk.server.web;

import io.billingsdk.server.collect.Intake;
import io.billingsdk.server.collect.Intake.Outcome;
import io.billingsdk.server.collect.Intake.Status;
import io.billingsdk.server.collect.Intake.UnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores lines while they come, and answers with lines: of each event that is not new, why; after
 * each part, and from time to time while none comes, how far all have an outcome; in the end, the
 * sums, or why there are no more. Who reads that knows what need not be sent again.
 *
 * <p>{@link #run()} is for one thread; {@link #end} may be called by any.
 */
final class StreamedIntake {
  private static final Logger log = LoggerFactory.getLogger(StreamedIntake.class);

  /** No line is waited for just now. */
  private static final long BUSY = Long.MIN_VALUE;

  private final Intake intake;
  private final EventLines lines;
  private final StreamedAnswer answer;
  private final StreamTiming timing;
  private final Runnable abort;
  private final Map<Status, Long> counts = new EnumMap<>(Status.class);
  private long unattributed;
  private volatile long through;
  private volatile long waitingSince = BUSY;

  /**
   * Of a request.
   *
   * @param abort ends its connection, so that a read that waits comes back
   */
  StreamedIntake(
      Intake intake, EventLines lines, StreamedAnswer answer, StreamTiming timing, Runnable abort) {
    this.intake = intake;
    this.lines = lines;
    this.answer = answer;
    this.timing = timing;
    this.abort = abort;
  }

  private record LineView(
      long line,
      String status,
      @Nullable String code,
      @Nullable String field,
      @Nullable String detail) {}

  private record Through(long through) {}

  private record Sums(
      boolean done,
      @Nullable Long through,
      long lines,
      long stored,
      long duplicates,
      long conflicts,
      long rejected,
      long unattributed,
      @Nullable Problem problem) {}

  void run() throws IOException {
    Thread beat = new Thread(this::beat, "billing-http-beat");
    beat.setDaemon(true);
    beat.start();
    try {
      for (List<EventLines.Line> part = next(); !part.isEmpty(); part = next()) {
        store(part);
      }
      end(sums(null));
    } catch (UnavailableException unavailable) {
      end(sums(Problem.notStored(String.valueOf(unavailable.getMessage()))));
    } catch (EventLines.TooLongException tooLong) {
      end(sums(Problem.streamCut(413, String.valueOf(tooLong.getMessage()))));
    } catch (IOException cut) {
      log.debug("a stream of lines was cut: {}", cut.toString());
      end(sums(Problem.streamCut(400, "the body ended early, or cannot be read")));
    } catch (RuntimeException failed) {
      log.error("a stream of lines ends", failed);
      end(sums(Problem.internal()));
    } finally {
      beat.interrupt();
    }
  }

  private void end(Sums last) throws IOException {
    if (!answer.end(last)) {
      log.debug("a stream was ended from outside");
    }
  }

  /** Ends it from outside: says why, and comes back in about a second at the latest. */
  void end(String why) {
    try {
      if (!answer.endSoon(sums(Problem.streamCut(503, why)))) {
        log.debug("a stream has ended before, or its answer is not read");
      }
    } catch (IOException gone) {
      log.debug("nobody reads why a stream ends", gone);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
    abort.run();
  }

  private List<EventLines.Line> next() throws IOException {
    waitingSince = System.nanoTime();
    try {
      return lines.next();
    } finally {
      waitingSince = BUSY;
    }
  }

  private void beat() {
    try {
      while (true) {
        Thread.sleep(timing.beat().toMillis());
        long since = waitingSince;
        if (since == BUSY) {
          continue;
        }
        if (System.nanoTime() - since < timing.silence().toNanos()) {
          answer.write(List.of(new Through(through)));
        } else if (answer.end(sums(Problem.streamCut(408, silent(timing.silence()))))) {
          abort.run();
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } catch (IOException gone) {
      log.debug("nobody reads the answer to a stream", gone);
    }
  }

  private static String silent(Duration time) {
    return "no line came for " + time.toSeconds() + " seconds";
  }

  private void store(List<EventLines.Line> part) throws IOException, UnavailableException {
    List<Outcome> outcomes = intake.store(part.stream().map(EventLines.Line::event).toList());
    List<Object> said = new ArrayList<>();
    synchronized (counts) {
      for (int i = 0; i < part.size(); i++) {
        Outcome outcome = outcomes.get(i);
        counts.merge(outcome.status(), 1L, Long::sum);
        unattributed += outcome.unattributed() ? 1 : 0;
        if (outcome.status() != Status.STORED) {
          said.add(view(part.get(i), outcome));
        }
      }
      through = part.get(part.size() - 1).number();
    }
    said.add(new Through(through));
    answer.write(said);
  }

  private LineView view(EventLines.Line line, Outcome outcome) {
    Refusal refusal = Refusal.ofRefused(outcome, line.event()).orElse(null);
    return new LineView(
        line.number(),
        Refusal.text(outcome.status()),
        refusal == null ? null : refusal.code(),
        refusal == null ? null : refusal.field(),
        refusal == null ? null : refusal.detail());
  }

  /**
   * The last line.
   *
   * @param problem why it is the last; null: there are no more
   */
  private Sums sums(@Nullable Problem problem) {
    synchronized (counts) {
      return new Sums(
          problem == null,
          problem == null ? null : through,
          problem == null ? lines.lines() : through,
          count(Status.STORED),
          count(Status.DUPLICATE),
          count(Status.CONFLICT),
          count(Status.REJECTED),
          unattributed,
          problem);
    }
  }

  private long count(Status status) {
    return counts.getOrDefault(status, 0L);
  }
}
