package io.billingsdk.server.web;

import io.billingsdk.server.collect.Intake;
import io.billingsdk.server.collect.Intake.Outcome;
import io.billingsdk.server.collect.Intake.Status;
import io.billingsdk.server.collect.Intake.UnavailableException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stores lines while they come, and answers with lines: of each event that is not new, why; after
 * each part, how far all have an outcome; in the end, the sums. Who reads that knows after a cut
 * connection what need not be sent again.
 */
final class StreamedIntake {
  private final Intake intake;
  private final EventLines lines;
  private final OutputStream out;
  private final Map<Status, Long> counts = new EnumMap<>(Status.class);
  private long unattributed;

  StreamedIntake(Intake intake, EventLines lines, OutputStream out) {
    this.intake = intake;
    this.lines = lines;
    this.out = out;
  }

  private record LineView(
      long line,
      String status,
      @Nullable String code,
      @Nullable String field,
      @Nullable String detail) {}

  private record Through(long through) {}

  private record Sums(
      boolean done, long lines, long stored, long duplicates, long rejected, long unattributed) {}

  private record Broken(boolean done, Problem problem) {}

  void run() throws IOException {
    try {
      for (List<EventLines.Line> part = lines.next(); !part.isEmpty(); part = lines.next()) {
        store(part);
      }
      write(
          new Sums(
              true,
              lines.lines(),
              count(Status.STORED),
              count(Status.DUPLICATE),
              count(Status.REJECTED),
              unattributed));
    } catch (UnavailableException unavailable) {
      write(new Broken(false, Problem.notStored(String.valueOf(unavailable.getMessage()))));
    }
    out.flush();
  }

  private void store(List<EventLines.Line> part) throws IOException, UnavailableException {
    List<Outcome> outcomes = intake.store(part.stream().map(EventLines.Line::event).toList());
    for (int i = 0; i < part.size(); i++) {
      Outcome outcome = outcomes.get(i);
      counts.merge(outcome.status(), 1L, Long::sum);
      unattributed += outcome.unattributed() ? 1 : 0;
      if (outcome.status() == Status.REJECTED) {
        Refusal refusal = Refusal.of(outcome);
        write(
            new LineView(
                part.get(i).number(),
                Refusal.text(outcome.status()),
                refusal.code(),
                refusal.field(),
                refusal.detail()));
      } else if (outcome.status() == Status.DUPLICATE) {
        String status = Refusal.text(outcome.status());
        write(new LineView(part.get(i).number(), status, null, null, null));
      }
    }
    write(new Through(part.get(part.size() - 1).number()));
    out.flush();
  }

  private long count(Status status) {
    return counts.getOrDefault(status, 0L);
  }

  private void write(Object line) throws IOException {
    out.write(Json.bytes(line));
    out.write('\n');
  }
}
