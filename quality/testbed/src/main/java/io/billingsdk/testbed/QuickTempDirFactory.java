package io.billingsdk.testbed;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Temporary directories of tests as {@link QuickDirectory}; a module names it to JUnit. */
public final class QuickTempDirFactory implements TempDirFactory {
  /** For JUnit, which makes one by its name. */
  public QuickTempDirFactory() {}

  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test)
      throws IOException {
    return QuickDirectory.create("junit-");
  }
}
