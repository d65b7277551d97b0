package io.billingsdk.cli.remote;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Server-sent events of one answer (HTML Living Standard, 9.2), in their order. A connection on
 * which nothing comes, not even a comment, has ended: nobody else would notice that it is
 * half-open. For one thread.
 */
final class ServerSentEvents implements AutoCloseable {
  private static final int AHEAD = 1_000;

  /** No line is it. */
  private static final String END = "\n";

  private final InputStream in;
  private final Duration silence;
  private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(AHEAD);
  private final Thread reader;
  private volatile Instant heard = Instant.now();

  /**
   * Begins to read.
   *
   * @param silence after which the connection is given up
   */
  ServerSentEvents(InputStream in, Duration silence) {
    this.in = in;
    this.silence = silence;
    this.reader = new Thread(this::read, "billing-tail");
    reader.setDaemon(true);
    reader.start();
  }

  /** One of them. */
  record Event(String name, String data) {}

  /**
   * Waits for the next one.
   *
   * @return empty when the connection has ended
   */
  Optional<Event> next() throws InterruptedException {
    String name = "message";
    StringBuilder data = new StringBuilder();
    for (String line = line(); !line.equals(END); line = line()) {
      if (line.isEmpty() && !data.isEmpty()) {
        return Optional.of(new Event(name, data.substring(1)));
      } else if (line.isEmpty()) {
        name = "message";
      } else if (line.startsWith("event:")) {
        name = value(line);
      } else if (line.startsWith("data:")) {
        data.append('\n').append(value(line));
      }
    }
    return Optional.empty();
  }

  /** When anything came last. */
  Instant heard() {
    return heard;
  }

  private String line() throws InterruptedException {
    String line = lines.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
    return line == null ? END : line;
  }

  private static String value(String line) {
    return line.substring(line.indexOf(':') + 1).replaceFirst("^ ", "");
  }

  private void read() {
    try (BufferedReader text =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = text.readLine(); line != null; line = text.readLine()) {
        heard = Instant.now();
        lines.put(line);
      }
      lines.put(END);
    } catch (IOException cut) {
      var unused = lines.offer(END);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    reader.interrupt();
    try {
      in.close();
    } catch (IOException gone) {
      // It is what was wanted.
      return;
    }
  }
}
