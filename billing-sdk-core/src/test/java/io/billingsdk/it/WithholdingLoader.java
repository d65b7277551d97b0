package io.billingsdk.it;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** The class path of the tests once more, from which one class is missing. */
final class WithholdingLoader extends URLClassLoader {
  private final String missing;
  private final Set<String> loaded = new ConcurrentSkipListSet<>();

  /**
   * A loader.
   *
   * @param missing name of the class; one that there is not to have all
   */
  WithholdingLoader(String missing) {
    super(classPath(), ClassLoader.getPlatformClassLoader());
    this.missing = missing;
  }

  private static URL[] classPath() {
    String path = requireNonNull(System.getProperty("java.class.path"));
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .map(
            part -> {
              try {
                return Path.of(part).toUri().toURL();
              } catch (MalformedURLException impossible) {
                throw new IllegalArgumentException(part, impossible);
              }
            })
        .toArray(URL[]::new);
  }

  /** Names of the classes that were loaded through it. */
  Set<String> loaded() {
    return loaded;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (name.equals(missing)) {
      throw new ClassNotFoundException(name + " is withheld");
    }
    Class<?> found = super.findClass(name);
    loaded.add(name);
    return found;
  }
}
