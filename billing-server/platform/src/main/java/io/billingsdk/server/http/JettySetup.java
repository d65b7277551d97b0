package io.billingsdk.server.http;

import io.billingsdk.server.http.HttpSettings.StreamTiming;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty for this API: TLS alone, bounded, and silent about itself. */
final class JettySetup {
  /** None of them ever waits for a caller, the database or anything else: see {@link Pools}. */
  private static final int THREADS = 32;

  /** Connections that wait to be taken: otherwise a crowd that comes at once is sent away. */
  private static final int BACKLOG = 1_024;

  private static final int HEADER_BYTES = 16 * 1024;

  private JettySetup() {}

  static Server server(
      HttpSettings settings,
      StreamTiming timing,
      ClientConnections clientConnections,
      String keyStore,
      String password) {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 4);
    threads.setName("billing-http");
    threads.setDaemon(true);
    Server server = new Server(threads);
    server.setErrorHandler(new ProblemErrorHandler());
    HttpConfiguration http = new HttpConfiguration();
    configure(http);
    ServerConnector connector =
        new ServerConnector(
            server,
            new SslConnectionFactory(tls(keyStore, password), "http/1.1"),
            new HttpConnectionFactory(http));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setIdleTimeout(timing.idle().toMillis());
    connector.setAcceptQueueSize(BACKLOG);
    connector.addBean(clientConnections);
    server.addConnector(connector);
    return server;
  }

  private static void configure(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    // Otherwise a header is taken for an earlier one of its connection that differs in case alone:
    // a token with a letter in the other case would be the token.
    http.setHeaderCacheCaseSensitive(true);
    http.setRequestHeaderSize(HEADER_BYTES);
    // The id of an app may hold a slash or a percent sign, which then comes encoded.
    http.setUriCompliance(
        UriCompliance.DEFAULT.with(
            "billing",
            UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
            UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING));
    SecureRequestCustomizer secure = new SecureRequestCustomizer();
    // The client checks the name in the certificate; there is one host, whatever it is called.
    secure.setSniHostCheck(false);
    http.addCustomizer(secure);
  }

  private static SslContextFactory.Server tls(String keyStore, String password) {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setKeyStorePath(keyStore);
    tls.setKeyStoreType("PKCS12");
    tls.setKeyStorePassword(password);
    tls.setIncludeProtocols("TLSv1.2", "TLSv1.3");
    tls.setSniRequired(false);
    return tls;
  }
}
