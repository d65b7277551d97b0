package io.billingsdk.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/**
 * No library: a request for each event, on the caller's thread. It loses nothing while the sink is
 * there, and is what the harness itself is tried with.
 */
final class PlainReporter implements Reporter {
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI sink;

  PlainReporter(Target target) {
    sink = URI.create(target.url() + "/plain");
  }

  @Override
  public boolean report(String id) {
    try {
      HttpRequest request = HttpRequest.newBuilder(sink).POST(BodyPublishers.ofString(id)).build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException away) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException("interrupted", new IOException(interrupted));
    }
  }

  @Override
  public void close() {}
}
