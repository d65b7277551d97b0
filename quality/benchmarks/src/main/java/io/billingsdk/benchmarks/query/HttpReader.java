package io.billingsdk.benchmarks.query;

import io.billingsdk.testbed.OneAuthority;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.nio.file.Path;

/** A client of the HTTP API, over TLS. */
final class HttpReader {
  private final HttpClient client;
  private final int port;
  private final String token;

  HttpReader(Path authority, int port, String token) {
    this.client = HttpClient.newBuilder().sslContext(OneAuthority.tls(authority)).build();
    this.port = port;
    this.token = token;
  }

  <T> T get(String path, BodyHandler<T> body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
            .header("Authorization", "Bearer " + token)
            .build();
    HttpResponse<T> response = client.send(request, body);
    if (response.statusCode() != 200) {
      throw new IOException(path + " was answered with " + response.statusCode());
    }
    return response.body();
  }
}
