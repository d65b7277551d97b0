package io.billingsdk.server.ingest;

import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.http.ApiResponse.Streaming;
import io.billingsdk.server.http.HttpSettings.StreamTiming;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.http.LastingExchange;
import io.billingsdk.server.http.Problem;
import io.billingsdk.server.ingest.Intake.Outcome;
import io.billingsdk.server.ingest.Intake.Status;
import io.billingsdk.server.ingest.Intake.UnavailableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores lines while they come, and answers with lines: of each event that is not new, why; after
 * each part, and from time to time while none comes, how far all have an outcome; in the end, the
 * sums, or why there are no more. Who reads that knows what need not be sent again.
 *
 * <p>It has a thread only while lines that have come are stored, one part at a time, so that others
 * have their turn in between. Thread-safe.
 */
final class StreamedIntake implements Streaming {
  private static final Logger log = LoggerFactory.getLogger(StreamedIntake.class);

  /** How long it waits for events that are being stored, when it is ended from outside. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Intake intake;
  private final EventLines lines;
  private final LastingExchange line;
  private final StreamTiming timing;
  private final Object lock = new Object();
  private final Map<Status, Long> counts = new EnumMap<>(Status.class);
  private long unattributed;
  private long through;
  private long waitingSince = System.nanoTime();
  private boolean busy = true;
  private boolean over;
  private @Nullable Problem ending;
  private @Nullable Future<?> beat;

  /** Of a request. */
  StreamedIntake(Intake intake, EventLines lines, LastingExchange line, StreamTiming timing) {
    this.intake = intake;
    this.lines = lines;
    this.line = line;
    this.timing = timing;
  }

  private record LineView(
      long line,
      String status,
      @Nullable String code,
      @Nullable String field,
      @Nullable String detail) {}

  private record Through(long through) {}

  private record IntakeSums(
      boolean done,
      @Nullable Long through,
      long lines,
      long stored,
      long duplicates,
      long conflicts,
      long rejected,
      long unattributed,
      @Nullable Problem problem) {}

  @Override
  public void begin() {
    line.begin();
    synchronized (lock) {
      beat = line.every(timing.beat(), this::beat);
    }
    goOn();
  }

  /** Has what has come stored, when it is its turn. */
  private void goOn() {
    synchronized (lock) {
      busy = true;
    }
    if (!line.store(this::turn)) {
      finish(Problem.streamCut(503, "the server stops, or too many streams wait"));
    }
  }

  private void turn() {
    try {
      Problem why = whyNotFurther();
      if (why != null) {
        finish(why);
      } else {
        part();
      }
    } catch (UnavailableException unavailable) {
      finish(Problem.notStored(String.valueOf(unavailable.getMessage())));
    } catch (EventLines.TooLongException tooLong) {
      finish(Problem.streamCut(413, String.valueOf(tooLong.getMessage())));
    } catch (ZipException malformed) {
      finish(Problem.streamCut(400, "it is not compressed with gzip, as Content-Encoding says"));
    } catch (IOException cut) {
      log.debug("a stream of lines was cut: {}", cut.toString());
      finish(Problem.streamCut(400, "the body ended early, or cannot be read"));
    } catch (DatabaseException away) {
      log.debug("the token of a stream of lines cannot be checked", away);
      finish(Problem.notStored("the database does not answer"));
    } catch (RuntimeException failed) {
      log.error("a stream of lines ends", failed);
      finish(Problem.internal());
    }
  }

  /** Why nothing more is stored of it; null while it is. */
  private @Nullable Problem whyNotFurther() {
    synchronized (lock) {
      if (ending != null) {
        return ending;
      }
    }
    return line.rightsEnded().map(why -> Problem.streamCut(401, why)).orElse(null);
  }

  private void part() throws IOException, UnavailableException {
    List<EventLines.EventLine> part = lines.next();
    if (!part.isEmpty()) {
      store(part);
      line.onRoom(this::goOn);
    } else if (lines.hasEnded()) {
      finish(null);
    } else if (isIdle()) {
      line.onMore(this::goOn);
    }
  }

  /** Waits for lines from now on, unless it was ended meanwhile. */
  private boolean isIdle() {
    Problem why;
    synchronized (lock) {
      busy = false;
      why = ending;
    }
    if (why != null) {
      finish(why);
    }
    return why == null;
  }

  private void store(List<EventLines.EventLine> part) throws UnavailableException {
    List<Outcome> outcomes = intake.store(part.stream().map(EventLines.EventLine::event).toList());
    List<Object> said = new ArrayList<>();
    synchronized (lock) {
      for (int i = 0; i < part.size(); i++) {
        Outcome outcome = outcomes.get(i);
        counts.merge(outcome.status(), 1L, Long::sum);
        unattributed += outcome.unattributed() ? 1 : 0;
        if (outcome.status() != Status.STORED) {
          said.add(view(part.get(i), outcome));
        }
      }
      through = part.get(part.size() - 1).number();
      waitingSince = System.nanoTime();
      said.add(new Through(through));
    }
    line.write(text(said));
  }

  @Override
  public void end(Problem why) {
    synchronized (lock) {
      if (over || ending != null) {
        return;
      }
      ending = why;
      if (busy) {
        // Events that are being stored are reported as stored, if that does not take for ever.
        var unused = line.after(PATIENCE, () -> finish(why));
        return;
      }
    }
    finish(why);
  }

  @Override
  public void gone() {
    synchronized (lock) {
      over = true;
      if (ending == null) {
        ending = Problem.streamCut(400, "the caller has gone");
      }
      stopBeat();
    }
  }

  /**
   * The last line.
   *
   * @param problem why it is the last; null: there are no more
   */
  private void finish(@Nullable Problem problem) {
    IntakeSums sums;
    synchronized (lock) {
      if (over) {
        return;
      }
      over = true;
      ending = problem == null ? Problem.streamCut(400, "it has ended") : problem;
      stopBeat();
      sums = sums(problem);
    }
    line.write(text(List.of(sums)));
    line.close();
  }

  private void stopBeat() {
    if (beat != null) {
      boolean unused = beat.cancel(/* mayInterruptIfRunning= */ false);
      beat = null;
    }
  }

  private void beat() {
    boolean silent;
    Through said;
    synchronized (lock) {
      if (busy || over) {
        return;
      }
      silent = System.nanoTime() - waitingSince >= timing.silence().toNanos();
      said = new Through(through);
    }
    if (silent) {
      finish(Problem.streamCut(408, silent(timing.silence())));
    } else if (!line.isFull()) {
      line.write(text(List.of(said)));
    }
  }

  private static String silent(Duration time) {
    return "no line came for " + time.toSeconds() + " seconds";
  }

  private static byte[] text(List<?> said) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (Object each : said) {
      byte[] bytes = Json.bytes(each);
      text.write(bytes, 0, bytes.length);
      text.write('\n');
    }
    return text.toByteArray();
  }

  private static LineView view(EventLines.EventLine line, Outcome outcome) {
    ProblemResponse problemResponse = ProblemResponse.ofRefused(outcome, line.event()).orElse(null);
    return new LineView(
        line.number(),
        ProblemResponse.text(outcome.status()),
        problemResponse == null ? null : problemResponse.code(),
        problemResponse == null ? null : problemResponse.field(),
        problemResponse == null ? null : problemResponse.detail());
  }

  private IntakeSums sums(@Nullable Problem problem) {
    return new IntakeSums(
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

  private long count(Status status) {
    return counts.getOrDefault(status, 0L);
  }
}
