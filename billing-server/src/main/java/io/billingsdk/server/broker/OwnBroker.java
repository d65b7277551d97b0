package io.billingsdk.server.broker;

import io.billingsdk.broker.CertificateAuthority;
import io.billingsdk.broker.EmbeddedBroker;
import io.billingsdk.broker.IssuedCertificate;
import io.billingsdk.server.ServerException;
import io.billingsdk.server.database.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The broker in this process, with what it needs under a directory: the certificate, which stays the
 * same over restarts until it is about to end, its authority as {@code ca.pem}, and a password for
 * each instance.
 *
 * <p>For one thread.
 */
public final class OwnBroker implements AutoCloseable {
  private static final String SERVER = "billing-server";
  private static final Duration RENEWED_BEFORE = Duration.ofDays(30);
  private static final int QUEUED_MESSAGES = 100_000;
  private static final int PACKET_BYTES = 1 << 20;

  private final Path directory;
  private final String prefix;
  private final Secrets own;
  private final EmbeddedBroker broker;
  private final Set<String> known = new HashSet<>();

  /** A broker to be started; its certificate is made when there is none. */
  public OwnBroker(Path directory, String prefix, int port) {
    this.directory = directory;
    this.prefix = prefix;
    this.own = new Secrets(directory.resolve("secrets"));
    try {
      Files.createDirectories(directory);
      this.broker =
          EmbeddedBroker.builder()
              .tls(certificate())
              .port(port)
              .maximumQueuedMessages(QUEUED_MESSAGES)
              .maximumPacketSize(PACKET_BYTES)
              .user(SERVER, own.of(SERVER), TopicRights.ofServer(prefix))
              .build();
    } catch (IOException failed) {
      throw new ServerException("the broker's files cannot be used: " + directory, failed);
    }
  }

  /** Starts it; returns when it listens. */
  public void start() {
    admitInstances();
    broker.start();
  }

  /** The address for the server itself. */
  public BrokerAddress address() {
    return new BrokerAddress(
        "localhost", broker.port(), directory.resolve("ca.pem"), SERVER, own.of(SERVER));
  }

  /** Lets in the instances that got a password since the last call. */
  public void admitInstances() {
    Secrets instances = new Secrets(instances(directory));
    for (String name : namesIn(instances(directory))) {
      if (known.add(name)) {
        broker.addUser(name, instances.of(name), TopicRights.ofInstances(prefix));
      }
    }
  }

  /** The password of an instance, made when it has none. */
  public static String passwordOf(Path directory, String instance) {
    if (!instance.matches("[A-Za-z0-9_-]{1,64}") || instance.equals(SERVER)) {
      throw new ServerException("the instance must be 1 to 64 of A-Z a-z 0-9 _ -");
    }
    return new Secrets(instances(directory)).of(instance);
  }

  @Override
  public void close() {
    broker.close();
  }

  private static Path instances(Path directory) {
    return directory.resolve("instances");
  }

  private static List<String> namesIn(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("[A-Za-z0-9_-]{1,64}"))
          .sorted()
          .toList();
    } catch (IOException failed) {
      throw new ServerException("the passwords of instances cannot be read", failed);
    }
  }

  private IssuedCertificate certificate() throws IOException {
    Path store = directory.resolve("server.p12");
    char[] password = own.of("key-store").toCharArray();
    if (Files.exists(store)) {
      IssuedCertificate kept = IssuedCertificate.readKeyStore(store, password);
      Instant end = kept.certificate().getNotAfter().toInstant();
      if (end.minus(RENEWED_BEFORE).isAfter(Instant.now())) {
        return kept;
      }
    }
    CertificateAuthority authority = CertificateAuthority.create("billing-server CA");
    IssuedCertificate made = authority.issueServer("localhost", "127.0.0.1");
    authority.writeCertificate(directory.resolve("ca.pem"));
    made.writeKeyStore(store, password);
    return made;
  }
}
