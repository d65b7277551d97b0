package io.billingsdk.server.database;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;

/** Whether the PostgreSQL that is brought along can run on this machine. */
final class PostgresHere {
  private PostgresHere() {}

  /** Why not, in one line, with what to do; empty when nothing is known against it. */
  static Optional<String> whyNot() {
    return whyNot(
        system(System.getProperty("os.name", "")),
        System.getProperty("os.arch", ""),
        "root".equals(System.getProperty("user.name")));
  }

  /**
   * The same of a machine.
   *
   * @param system as its binaries are named: Linux, Darwin
   * @param hardware as {@code os.arch} has it
   */
  static Optional<String> whyNot(String system, String hardware, boolean root) {
    if (!hasBinaries(system, hardware)) {
      return Optional.of(
          "there is no PostgreSQL in this build for "
              + system
              + " on "
              + hardware
              + ", only for Linux and macOS on x86-64 and ARM64");
    }
    if (root && !LinuxUtils.isUnshareAvailable()) {
      return Optional.of(
          "PostgreSQL refuses to run as root, and 'unshare -U' of util-linux, which would make it"
              + " another user, does not work here; run this as another user than root");
    }
    return Optional.empty();
  }

  private static boolean hasBinaries(String system, String hardware) {
    try (InputStream archive =
        DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, hardware)) {
      return archive != null;
    } catch (IOException | IllegalStateException missing) {
      return false;
    }
  }

  private static String system(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.startsWith("mac") ? "Darwin" : lower.startsWith("linux") ? "Linux" : name;
  }
}
