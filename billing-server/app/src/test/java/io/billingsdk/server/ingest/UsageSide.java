package io.billingsdk.server.ingest;

import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.broker.OwnBroker;
import io.billingsdk.server.broker.UsageSource;
import io.billingsdk.testbed.MosquittoTestBroker;
import io.billingsdk.testbed.RawMqtt;
import io.billingsdk.testbed.RawMqtt.Login;
import io.billingsdk.testbed.Role;
import java.io.IOException;
import java.nio.file.Path;

/** A broker whose clients report usage, and the source by which the collector gets it. */
interface UsageSide extends AutoCloseable {
  /** The topics of these brokers. */
  String PREFIX = "billing";

  /** Who reports. */
  String INSTANCE = "producer-1";

  /** Its name in proofs. */
  String text();

  /** The source, to be started; one at a time. */
  UsageSource source();

  /** The broker, for the producer. */
  BrokerAddress producer();

  /** A connection of the producer. */
  default RawMqtt connect() throws IOException {
    BrokerAddress address = producer();
    return RawMqtt.tls(
        address.port(),
        java.util.Objects.requireNonNull(address.caPem()),
        new Login(INSTANCE, address.user(), address.password(), 5, 60));
  }

  @Override
  void close();

  /** The server's own broker, which hands over in process. */
  static UsageSide inProcess(Path data) {
    Path directory = data.resolve("broker");
    String password = OwnBroker.passwordOf(directory, INSTANCE);
    OwnBroker broker = new OwnBroker(directory, PREFIX, 0);
    // Before it listens, as in the server.
    var unused = broker.usage();
    broker.start();
    return new UsageSide() {
      @Override
      public String text() {
        return "in-process";
      }

      @Override
      public UsageSource source() {
        return broker.usage();
      }

      @Override
      public BrokerAddress producer() {
        BrokerAddress own = broker.address();
        return new BrokerAddress("localhost", own.port(), own.caPem(), INSTANCE, password);
      }

      @Override
      public void close() {
        broker.close();
      }
    };
  }

  /** A Mosquitto, of which the collector has a subscription. */
  static UsageSide mosquitto(Path directory) {
    MosquittoTestBroker broker = MosquittoTestBroker.in(directory);
    broker.start();
    return new UsageSide() {
      @Override
      public String text() {
        return "mosquitto";
      }

      @Override
      public UsageSource source() {
        return UsageSource.subscribed(as(Role.SYSTEM), "collector-contract", PREFIX);
      }

      @Override
      public BrokerAddress producer() {
        return as(Role.SDK);
      }

      private BrokerAddress as(Role role) {
        return new BrokerAddress(
            broker.host(), broker.port(), broker.caPem(), broker.user(role), broker.password(role));
      }

      @Override
      public void close() {
        broker.close();
      }
    };
  }
}
