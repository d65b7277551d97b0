package io.billingsdk.artifacts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Which modules of a checkout are published: all that do not say {@code maven.deploy.skip}. */
final class Published {
  private static final String SKIP = "properties/maven.deploy.skip";

  private Published() {}

  /**
   * Their directories, by artifactId. The parent, on which the POMs of the others stand, is one.
   */
  static Map<String, Path> modules(Path checkout) throws IOException {
    Map<String, Path> found = new TreeMap<>();
    collect(checkout, found);
    return found;
  }

  private static void collect(Path directory, Map<String, Path> found) throws IOException {
    Path file = directory.resolve("pom.xml");
    if (!Files.exists(file)) {
      throw new IOException(file + " is missing, and a POM above names its directory as a module");
    }
    Pom pom = Pom.read(file);
    // The modules below one that is not published may be: each POM says it of itself.
    if (!pom.text(SKIP).equals("true")) {
      found.put(pom.artifact(), directory);
    }
    for (String path : new String[] {"modules/module", "profiles/profile/modules/module"}) {
      for (String module : pom.texts(path)) {
        // The rows of the matrix have a parent of their own, which says it for them.
        if (!module.startsWith("quality/matrix-tests")) {
          collect(directory.resolve(module), found);
        }
      }
    }
  }
}
