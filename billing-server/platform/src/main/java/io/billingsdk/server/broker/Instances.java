package io.billingsdk.server.broker;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.db.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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

  /** Those of a broker's directory. */
  public Instances(Path brokerDirectory) {
    this.directory = brokerDirectory;
  }

  /** What an instance may do. */
  public enum InstanceKind {
    /** It connects under its name as client id, and uses its own topics and those of v1. */
    OWN_ID("instances"),

    /** It connects under any client id or none, several times at once, and uses those of v1. */
    V1("instances-v1");

    private final String folder;

    InstanceKind(String folder) {
      this.folder = folder;
    }
  }

  /**
   * An instance.
   *
   * @param name its user
   * @param since when its password was made
   */
  public record Instance(String name, Instant since, InstanceKind kind) {}

  /** The password of an instance of {@link InstanceKind#OWN_ID}, made when it has none. */
  public String passwordOf(String name) {
    return passwordOf(name, InstanceKind.OWN_ID);
  }

  /**
   * The password of an instance, made when it has none.
   *
   * @throws RequestRefusedException when there is one of another kind with this name
   */
  public String passwordOf(String name, InstanceKind kind) {
    requireName(name);
    for (InstanceKind other : InstanceKind.values()) {
      if (other != kind && secrets(other).existing(name).isPresent()) {
        throw RequestRefusedException.conflict(
            "instance",
            "instance "
                + name
                + (other == InstanceKind.V1
                    ? " is one of protocol v1"
                    : " is not one of protocol v1")
                + "; revoke it first, or take another name");
      }
    }
    String password = secrets(kind).of(name);
    try {
      Files.deleteIfExists(mark(name));
    } catch (IOException failed) {
      throw new InstallationException("the mark of a revoked instance cannot be deleted", failed);
    }
    return password;
  }

  /**
   * The password of an instance, made when it has none, which the audit log says first: there is no
   * change without its entry.
   *
   * @param database with the audit log
   * @throws RequestRefusedException when there is one of another kind with this name
   * @throws DatabaseException when the entry cannot be written; no password is made then
   */
  public String create(Database database, Actor actor, String name, InstanceKind kind) {
    return new InstanceAdmin(this, database, actor).create(name, kind);
  }

  /**
   * Takes the password of an instance away, which the audit log says first.
   *
   * @param database with the audit log
   * @throws RequestRefusedException when there is no such instance
   * @throws DatabaseException when the entry cannot be written; the password is good as before then
   */
  public void revoke(Database database, Actor actor, String name) {
    new InstanceAdmin(this, database, actor).revoke(name);
  }

  /** The password of an instance that has one; asking makes none. */
  public Optional<String> knownPasswordOf(String name) {
    requireName(name);
    return Stream.of(InstanceKind.values())
        .flatMap(kind -> secrets(kind).existing(name).stream())
        .findFirst();
  }

  /** The same of one kind. */
  Optional<String> knownPasswordOf(String name, InstanceKind kind) {
    requireName(name);
    return secrets(kind).existing(name);
  }

  /**
   * Takes the password of an instance away: its connections end, and it is refused from then on.
   *
   * @throws RequestRefusedException when there is no such instance
   */
  public void revoke(String name) {
    requireName(name);
    boolean found = false;
    try {
      for (InstanceKind kind : InstanceKind.values()) {
        found |= Files.deleteIfExists(folder(kind).resolve(name));
      }
    } catch (IOException failed) {
      throw new InstallationException("the password of " + name + " cannot be deleted", failed);
    }
    if (!found) {
      throw RequestRefusedException.notFound("instance", "there is no instance " + name);
    }
  }

  /** The same, and remembers it: the log can say later why it is refused. */
  void revokeAndRemember(String name) {
    revoke(name);
    try {
      Files.createDirectories(mark(name).getParent());
      Files.writeString(mark(name), "");
    } catch (IOException failed) {
      throw new InstallationException(
          name + " is revoked, which cannot be noted for the log", failed);
    }
  }

  /** Whether there was such an instance, and somebody revoked it; false for what is no name. */
  boolean wasRevoked(String name) {
    return isName(name) && Files.exists(mark(name));
  }

  /** All of them, by name. */
  public List<Instance> all() {
    List<Instance> found = new ArrayList<>();
    for (InstanceKind kind : InstanceKind.values()) {
      addAll(kind, found);
    }
    found.sort(Comparator.comparing(Instance::name));
    return List.copyOf(found);
  }

  private void addAll(InstanceKind kind, List<Instance> found) {
    Path folder = folder(kind);
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (isName(name)) {
          found.add(new Instance(name, Files.getLastModifiedTime(file).toInstant(), kind));
        }
      }
    } catch (IOException failed) {
      throw new InstallationException("the passwords of instances cannot be read", failed);
    }
  }

  private Path folder(InstanceKind kind) {
    return directory.resolve(kind.folder);
  }

  private Secrets secrets(InstanceKind kind) {
    return new Secrets(folder(kind));
  }

  private Path mark(String name) {
    return directory.resolve("revoked").resolve(name);
  }

  private static void requireName(String name) {
    if (!isName(name)) {
      throw RequestRefusedException.invalid(
          "the instance", "1 to 64 of A-Z a-z 0-9 _ -, and not " + SERVER);
    }
  }

  private static boolean isName(String name) {
    return name.matches(NAME) && !name.equals(SERVER);
  }
}
