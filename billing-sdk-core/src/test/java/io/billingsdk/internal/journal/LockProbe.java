package io.billingsdk.internal.journal;

import java.io.IOException;
import java.nio.file.Path;

/** Another process that tries to take a lock: prints whether it could. */
final class LockProbe {
  private LockProbe() {}

  public static void main(String[] args) throws IOException {
    System.out.println(JournalFiles.real().tryLock(Path.of(args[0])) == null ? "held" : "free");
  }
}
