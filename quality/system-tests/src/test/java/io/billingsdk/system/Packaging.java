package io.billingsdk.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files under packaging/. */
final class Packaging {
  private Packaging() {}

  static Path path(String name) {
    return Path.of(System.getProperty("basedir", "."), "..", "..", "packaging", name)
        .toAbsolutePath()
        .normalize();
  }

  static String text(String name) throws IOException {
    return Files.readString(path(name));
  }
}
