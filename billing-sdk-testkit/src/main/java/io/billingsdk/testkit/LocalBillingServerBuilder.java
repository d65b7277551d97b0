package io.billingsdk.testkit;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Builds a {@link LocalBillingServer}. Not thread-safe. */
public final class LocalBillingServerBuilder {
  private @Nullable Path jar;
  private @Nullable Path directory;

  LocalBillingServerBuilder() {}

  /**
   * The runnable {@code billing.jar}. Default: the class path of the tests, which then needs {@code
   * io.billingsdk:billing-cli}. The jar keeps the server's libraries apart from those of the
   * service.
   */
  public LocalBillingServerBuilder jar(Path path) {
    jar = requireNonNull(path, "path");
    return this;
  }

  /**
   * The directory of the server's data and log, which {@code close} leaves. Default: a temporary
   * directory, which {@code close} deletes.
   */
  public LocalBillingServerBuilder directory(Path path) {
    directory = requireNonNull(path, "path");
    return this;
  }

  /**
   * Starts the server and returns when it serves, after some seconds.
   *
   * @throws IllegalStateException when it does not start; the message says why
   */
  public LocalBillingServer start() {
    Path kept = directory;
    try {
      Path home =
          kept == null
              ? Files.createTempDirectory("billing-testkit-")
              : Files.createDirectories(kept);
      LocalBillingServer server =
          new LocalBillingServer(
              home,
              /* temporary= */ kept == null,
              new ServerProgram(jar, home.resolve("server.log")));
      try {
        server.start();
      } catch (RuntimeException failed) {
        closeAfter(failed, server);
        throw failed;
      }
      return server;
    } catch (IOException failed) {
      throw new UncheckedIOException("the server's directory cannot be created", failed);
    }
  }

  private static void closeAfter(RuntimeException failed, LocalBillingServer server) {
    try {
      server.close();
    } catch (RuntimeException further) {
      failed.addSuppressed(further);
    }
  }
}
