package io.billingsdk.server.broker;

import io.billingsdk.broker.EmbeddedBroker;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.broker.BrokerLink.ConnectionListener;
import io.billingsdk.server.common.Counts;
import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.db.OwnerOnlyFiles;
import io.billingsdk.server.db.Secrets;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker in this process, with what it needs under a directory: the certificate, which stays
 * the same over restarts until it is about to end, its authority as {@code ca.pem}, and a password
 * for each instance.
 *
 * <p>For one thread.
 */
public final class OwnBroker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OwnBroker.class);

  private static final String SERVER = Instances.SERVER;
  private static final String NATIVE_CODE = "jna.tmpdir";

  /** By number: the name may be another address first, on which it does not listen. */
  private static final String HOST = "127.0.0.1";

  private static final int QUEUED_MESSAGES = 100_000;

  /** Twice the largest batch: as long as a packet is not whole it waits in memory. */
  private static final int PACKET_BYTES = 2 * Bounds.BATCH_BYTES;

  /** Without an answer, of each instance. */
  private static final int RECEIVE_MAXIMUM = 200;

  /** Usage that is not committed, of all instances. */
  private static final long HELD_BYTES = 32L << 20;

  /** At QoS 1 an acknowledgement means committed; the second half of QoS 2 would add nothing. */
  private static final int MAXIMUM_QOS = 1;

  private final Path directory;
  private final Secrets own;
  private final Exchange exchange;
  private final EmbeddedBroker broker;
  private final BrokerUsers brokerUsers;
  private final RefusedClientLog refusals;

  /** A broker to be started; its certificate is made when there is none. */
  public OwnBroker(Path directory, String prefix, int port) {
    this(directory, prefix, port, new Counts());
  }

  /** The same, with somebody who counts what clients are refused. */
  public OwnBroker(Path directory, String prefix, int port, Counts counts) {
    this.directory = directory;
    this.own = new Secrets(directory.resolve("secrets"));
    this.exchange = new Exchange(prefix);
    Instances instances = new Instances(directory);
    this.refusals =
        new RefusedClientLog(log::warn, instances::wasRevoked, counts, System::nanoTime);
    try {
      OwnerOnlyFiles.makeDirectory(directory);
      this.broker =
          EmbeddedBroker.builder()
              .tls(ServerCertificate.in(directory).issued())
              .port(port)
              // Not in the directory of temporary files, where it would stay after a kill.
              .dataDirectory(work())
              .maximumQueuedMessages(QUEUED_MESSAGES)
              .maximumPacketSize(PACKET_BYTES)
              .onRefused(refusals)
              .receiveMaximum(RECEIVE_MAXIMUM)
              .maximumQos(MAXIMUM_QOS)
              .handover(exchange, HELD_BYTES)
              .user(SERVER, own.of(SERVER), TopicRights.ofServer(prefix))
              .build();
    } catch (IOException failed) {
      throw new InstallationException("the broker's files cannot be used: " + directory, failed);
    }
    this.brokerUsers = new BrokerUsers(broker, instances, prefix);
  }

  /** Starts it; returns when it listens. */
  public void start() {
    // Before it listens: who is refused once comes back only after half a minute.
    brokerUsers.follow();
    if (System.getProperty(NATIVE_CODE) == null) {
      // JNA, which the broker asks for the machine's memory, unpacks its code where others can be.
      System.setProperty(NATIVE_CODE, work().toString());
    }
    broker.start();
    try {
      // It makes its files as the umask has it.
      OwnerOnlyFiles.closeTree(work());
    } catch (IOException failed) {
      throw new InstallationException("the broker's files cannot be closed: " + work(), failed);
    }
    exchange.up();
  }

  private Path work() {
    return work(directory);
  }

  /** Of the broker's runs; beside what is kept of it, since a backup has no use for it. */
  private static Path work(Path directory) {
    return directory.toAbsolutePath().resolveSibling("broker-run");
  }

  /** Takes away what a run that was killed left behind; for a server whose broker is elsewhere. */
  public static void forgetRun(Path directory) {
    try {
      EmbeddedBroker.forgetRun(work(directory));
    } catch (IOException failed) {
      throw new InstallationException(
          "the broker's files cannot be deleted: " + work(directory), failed);
    }
  }

  /**
   * Usage that its clients publish, without a connection. To be asked for before it starts: until
   * the source is started, and after it is closed, clients that publish usage are disconnected.
   */
  public UsageSource usage() {
    exchange.wantUsage();
    return new HandedUsage(exchange, broker);
  }

  /** The same for signs of life and requests for keys; sends whatever the server has to say. */
  public BrokerLink control(ConnectionListener listener) {
    exchange.wantControl();
    return new HandedControl(exchange, broker, listener);
  }

  /** The address for the server itself. */
  public BrokerAddress address() {
    return new BrokerAddress(
        HOST, broker.port(), directory.resolve("ca.pem"), SERVER, own.of(SERVER));
  }

  /**
   * Follows what has changed among the instances since the last call, and logs which clients were
   * refused again and again.
   */
  public void admitInstances() {
    refusals.tick();
    try {
      brokerUsers.follow();
    } catch (RuntimeException failed) {
      // Thrown to a timer it would be the last time.
      log.warn("the broker cannot watch its instances for changes: {}", failed.getMessage());
    }
  }

  /** The password of an instance, made when it has none. */
  public static String passwordOf(Path directory, String instance) {
    return new Instances(directory).passwordOf(instance);
  }

  @Override
  public void close() {
    broker.close();
  }
}
