package io.billingsdk.server.statistics;

import io.billingsdk.server.http.EventLines;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.testbed.Pace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;

/** A server and a reader of exports in a process with a heap of its own. */
public final class ExportChild {
  private static final int BUFFER = 65_536;
  private static final int MANY = 1_000_000;

  /** A server that does not wait for its reader has more than the heap by then. */
  private static final Duration LATE = Duration.ofSeconds(8);

  private ExportChild() {}

  /** Exports so many rows in each form; says how many it has read, and with which heap. */
  public static void main(String[] arguments) throws Exception {
    int rows = Integer.parseInt(arguments[1]);
    try (HttpTestbed http = new HttpTestbed(Path.of(arguments[0]))) {
      String session = new StatsClient(http).session();
      String person = new TestTokens(http.secrets()).session(session).substring("st-".length());
      http.world().execute(events(person, "media", "export", rows));
      say("csv", csv(http, session));
      say("json", json(http, session, rows >= MANY ? LATE : Duration.ZERO));
    }
    System.exit(0);
  }

  /** Adds events of a person, some of them at one time; in each hundred there is a correction. */
  static String events(String person, String profile, String type, int count) {
    return """
    INSERT INTO statistics_event (person, at, stream_id, seq, profile, event_type,
      is_correction, amount, record_id, fields)
    SELECT '%s', timestamptz '2026-11-01T00:00:00Z' + make_interval(secs => i / 3), i %% 7, i,
      '%s', '%s', i %% 100 = 0, CASE WHEN i %% 100 = 0 THEN -i ELSE i END, NULL,
      '{"type":"=1+1"}'
    FROM generate_series(1, %d) AS i
    """
        .formatted(person, profile, type, count);
  }

  private record Read(int rows, long bytes) {}

  private static void say(String format, Read read) {
    long heap = Runtime.getRuntime().maxMemory() >> 20;
    System.out.println(format + " " + read.rows() + " " + read.bytes() + " " + heap);
  }

  private static Read csv(HttpTestbed http, String session) throws IOException {
    int rows = 0;
    long bytes = 0;
    try (EventLines lines = http.open("/api/usage/export?format=csv&session_id=" + session)) {
      for (String line = lines.line(); line != null; line = lines.line()) {
        rows += line.startsWith("event,") || line.startsWith("correction,") ? 1 : 0;
        bytes += line.length() + 2;
      }
    }
    return new Read(rows, bytes);
  }

  /** It is one line: read by parts, after a while, and its events counted by their times. */
  private static Read json(HttpTestbed http, String session, Duration late) throws IOException {
    byte[] wanted = "{\"at\":".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    byte[] buffer = new byte[BUFFER];
    int rows = 0;
    long bytes = 0;
    int matched = 0;
    try (InputStream body = http.stream("/api/usage/export?format=json&session_id=" + session)) {
      Pace.pause(late);
      for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
        bytes += read;
        for (int i = 0; i < read; i++) {
          matched = buffer[i] == wanted[matched] ? matched + 1 : buffer[i] == wanted[0] ? 1 : 0;
          if (matched == wanted.length) {
            rows++;
            matched = 0;
          }
        }
      }
    }
    return new Read(rows, bytes);
  }
}
