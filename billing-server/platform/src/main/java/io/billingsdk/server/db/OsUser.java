package io.billingsdk.server.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The user of this process, as the operating system names them. The system property of that name is
 * whatever the caller of {@code java} sets it to.
 */
public final class OsUser {
  private static final Path SELF = Path.of("/proc/self");

  private OsUser() {}

  /** The name, or the number of one without a name; {@code ?} where the system does not say it. */
  public static String name() {
    try {
      if (Files.exists(SELF)) {
        return Files.getOwner(SELF).getName();
      }
    } catch (IOException | UnsupportedOperationException unknown) {
      return ofProcess();
    }
    return ofProcess();
  }

  private static String ofProcess() {
    return ProcessHandle.current().info().user().orElse("?");
  }
}
