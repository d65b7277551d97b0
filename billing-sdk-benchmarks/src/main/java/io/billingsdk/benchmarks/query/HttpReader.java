package io.billingsdk.benchmarks.query;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A client of the HTTP API, over TLS. */
final class HttpReader {
  private final HttpClient client;
  private final int port;
  private final String token;

  HttpReader(Path authority, int port, String token) throws IOException, GeneralSecurityException {
    this.client = HttpClient.newBuilder().sslContext(trusting(authority)).build();
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

  private static SSLContext trusting(Path authority) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream pem = Files.newInputStream(authority)) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
