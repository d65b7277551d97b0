package io.billingsdk.server.db;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** Whether the PostgreSQL that is brought along can run on this machine. */
final class PostgresSupport {
  /** All that a build may have. */
  private static final List<String> BINARIES =
      List.of(
          "postgres-linux-x86_64.txz",
          "postgres-linux-arm_64.txz",
          "postgres-darwin-x86_64.txz",
          "postgres-darwin-arm_64.txz");

  private PostgresSupport() {}

  /** Why not, in one line, with what to do; empty when nothing is known against it. */
  static Optional<String> whyNot() {
    return whyNot(
        system(System.getProperty("os.name", "")),
        System.getProperty("os.arch", ""),
        Launch.isRoot(),
        PostgresSupport::isBroughtAlong);
  }

  /**
   * The same of a machine.
   *
   * @param system as its binaries are named: Linux, Darwin
   * @param hardware as {@code os.arch} has it
   * @param broughtAlong whether there are binaries of a name
   */
  static Optional<String> whyNot(
      String system, String hardware, boolean root, Predicate<String> broughtAlong) {
    if (BINARIES.stream().noneMatch(broughtAlong)) {
      return Optional.of("this build of billing contains no PostgreSQL");
    }
    if (!broughtAlong.test(name(system, hardware))) {
      return Optional.of(
          "there is no PostgreSQL in this build for "
              + system
              + " on "
              + hardware
              + ", only for Linux and macOS on x86-64 and ARM64");
    }
    if (root && !Launch.canBecomeNobody()) {
      return Optional.of(
          "PostgreSQL refuses to run as root, and 'unshare -U' of util-linux, which would make it"
              + " another user, does not work here; run this as another user than root");
    }
    return Optional.empty();
  }

  /** The archive for this machine, as a resource. */
  static String archive() {
    return name(system(System.getProperty("os.name", "")), System.getProperty("os.arch", ""));
  }

  /** As the binaries of a machine are named; a name of none when there cannot be any. */
  private static String name(String system, String hardware) {
    String processor =
        switch (hardware.toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64", "x64" -> "x86_64";
          case "aarch64", "arm64" -> "arm_64";
          default -> "none";
        };
    return "postgres-%s-%s.txz".formatted(system.toLowerCase(Locale.ROOT), processor);
  }

  static boolean isBroughtAlong(String name) {
    return PostgresSupport.class.getResource("/" + name) != null;
  }

  private static String system(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.startsWith("mac") ? "Darwin" : lower.startsWith("linux") ? "Linux" : name;
  }
}
