package io.billingsdk.examples.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Sends what libraries log to a file, so that the terminal belongs to the demo. To be called before
 * anything logs: afterwards Logback has read its configuration, and stays as it is.
 */
final class DemoLogging {
  private static final String CONFIGURATION = "logback.configurationFile";

  private DemoLogging() {}

  static void toFile(Path file) throws IOException {
    if (System.getProperty(CONFIGURATION) == null) {
      System.setProperty("billing.demo.log", file.toString());
      System.setProperty(CONFIGURATION, "billing-demo-logback.xml");
    }
    javaUtilLoggingToFile(file.resolveSibling("grpc.log"));
  }

  /** gRPC logs with java.util.logging, to the terminal unless configured otherwise. */
  private static void javaUtilLoggingToFile(Path file) throws IOException {
    Logger root = LogManager.getLogManager().getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    FileHandler handler = new FileHandler(file.toString());
    handler.setFormatter(new SimpleFormatter());
    handler.setLevel(Level.WARNING);
    root.addHandler(handler);
  }
}
