package io.billingsdk.testbed;

import io.billingsdk.broker.CertificateAuthority;
import io.billingsdk.broker.EmbeddedBroker;
import io.billingsdk.broker.EmbeddedBrokerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A {@link TestBroker} in this JVM. It cannot die without a farewell: {@link #kill()} is {@link
 * #stop()}, which sends a DISCONNECT to every client and takes about two seconds. Put a {@link
 * FaultProxy} in front of it, or take {@link MosquittoTestBroker}, where that matters.
 */
public final class EmbeddedTestBroker implements TestBroker {

  private final Path caPem;
  private final CertificateAuthority authority;
  private final EmbeddedBroker broker;

  private EmbeddedTestBroker(Path caPem, CertificateAuthority authority, EmbeddedBroker broker) {
    this.caPem = caPem;
    this.authority = authority;
    this.broker = broker;
  }

  /** A broker that writes its certificate into this directory. */
  public static EmbeddedTestBroker in(Path directory) {
    return in(directory, builder -> {});
  }

  /** The same with more settings, for example a {@link ScriptedFaults}. */
  public static EmbeddedTestBroker in(Path directory, Consumer<EmbeddedBrokerBuilder> settings) {
    CertificateAuthority authority = CertificateAuthority.create("billing test CA");
    EmbeddedBrokerBuilder builder =
        EmbeddedBroker.builder()
            .tls(authority.issueServer("localhost", "127.0.0.1"))
            // A spy on a busy machine falls behind: messages dropped for that were not lost by us.
            .maximumQueuedMessages(100_000);
    for (Role role : Role.values()) {
      builder.user(role.user(), role.password(), role.rules());
    }
    settings.accept(builder);
    return new EmbeddedTestBroker(directory.resolve("ca.pem"), authority, builder.build());
  }

  /** The broker itself, for what this interface has not. */
  public EmbeddedBroker broker() {
    return broker;
  }

  @Override
  public void start() {
    try {
      Files.createDirectories(caPem.toAbsolutePath().getParent());
      authority.writeCertificate(caPem);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + caPem, e);
    }
    broker.start();
  }

  @Override
  public void stop() {
    broker.close();
  }

  @Override
  public void kill() {
    broker.close();
  }

  @Override
  public int port() {
    return broker.port();
  }

  @Override
  public Path caPem() {
    return caPem;
  }

  @Override
  public void close() {
    broker.close();
  }
}
