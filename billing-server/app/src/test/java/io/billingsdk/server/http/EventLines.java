package io.billingsdk.server.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** An answer line by line, as it comes. For one thread. */
public final class EventLines implements AutoCloseable {
  private final int status;
  private final BufferedReader lines;

  EventLines(HttpResponse<InputStream> answer) {
    this.status = answer.statusCode();
    this.lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
  }

  public int status() {
    return status;
  }

  /** The next line; null at the end. */
  public @Nullable String line() throws IOException {
    return lines.readLine();
  }

  /** The next line that begins so, or the last one of all. */
  public String next(String prefix) {
    try {
      String last = "";
      String line = lines.readLine();
      while (line != null && !line.startsWith(prefix)) {
        last = line.isEmpty() ? last : line;
        line = lines.readLine();
      }
      return line == null ? last : line;
    } catch (IOException cut) {
      throw new UncheckedIOException(cut);
    }
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
