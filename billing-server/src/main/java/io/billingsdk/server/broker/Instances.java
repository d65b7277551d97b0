package io.billingsdk.server.broker;

import io.billingsdk.server.ServerException;
import io.billingsdk.server.database.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The instances that our own broker lets in: a file with a password for each, under the broker's
 * directory. A running broker follows what changes here within a second. Thread-safe.
 */
public final class Instances {
  /** The user of the server itself. */
  static final String SERVER = "billing-server";

  private static final String NAME = "[A-Za-z0-9_-]{1,64}";

  private final Path directory;
  private final Secrets secrets;

  /** Those of a broker's directory. */
  public Instances(Path brokerDirectory) {
    this.directory = brokerDirectory.resolve("instances");
    this.secrets = new Secrets(directory);
  }

  /**
   * An instance.
   *
   * @param name its user, and the only client id that it may use
   * @param since when its password was made
   */
  public record Instance(String name, Instant since) {}

  /** The password of an instance, made when it has none. */
  public String passwordOf(String name) {
    requireName(name);
    return secrets.of(name);
  }

  /** The password of an instance that has one; asking makes none. */
  public Optional<String> knownPasswordOf(String name) {
    requireName(name);
    return secrets.existing(name);
  }

  /**
   * Takes the password of an instance away: its connection ends, and it is refused from then on.
   *
   * @throws ServerException when there is no such instance
   */
  public void revoke(String name) {
    requireName(name);
    try {
      if (!Files.deleteIfExists(directory.resolve(name))) {
        throw new ServerException("there is no instance " + name);
      }
    } catch (IOException failed) {
      throw new ServerException("the password of " + name + " cannot be deleted", failed);
    }
  }

  /** All of them, by name. */
  public List<Instance> all() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<Instance> found = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (isName(name)) {
          found.add(new Instance(name, Files.getLastModifiedTime(file).toInstant()));
        }
      }
      return List.copyOf(found);
    } catch (IOException failed) {
      throw new ServerException("the passwords of instances cannot be read", failed);
    }
  }

  private static void requireName(String name) {
    if (!isName(name)) {
      throw new ServerException(
          "the instance must be 1 to 64 of A-Z a-z 0-9 _ -, and not " + SERVER);
    }
  }

  private static boolean isName(String name) {
    return name.matches(NAME) && !name.equals(SERVER);
  }
}
