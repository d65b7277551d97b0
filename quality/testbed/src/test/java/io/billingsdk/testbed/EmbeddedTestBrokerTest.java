package io.billingsdk.testbed;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedTestBrokerTest extends BrokerContract {

  @TempDir static Path directory;
  private static EmbeddedTestBroker broker;

  @BeforeAll
  static void start() {
    broker = EmbeddedTestBroker.in(directory);
    broker.start();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Override
  TestBroker broker() {
    return broker;
  }
}
