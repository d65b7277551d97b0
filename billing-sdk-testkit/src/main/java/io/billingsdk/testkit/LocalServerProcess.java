package io.billingsdk.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;

/**
 * The process of a {@link LocalBillingServer}: a command of the billing server, which ends when its
 * standard input does. So no server and no PostgreSQL outlives tests that were killed.
 */
final class LocalServerProcess {
  private static final String COMMANDS = "io.billingsdk.cli.Main";

  private LocalServerProcess() {}

  /** Runs a command of {@code billing}. */
  public static void main(String[] arguments) throws InvocationTargetException {
    Thread watch = new Thread(LocalServerProcess::endWithTheTests, "billing-testkit-watch");
    watch.setDaemon(true);
    watch.start();
    try {
      Class.forName(COMMANDS).getMethod("main", String[].class).invoke(null, (Object) arguments);
    } catch (ClassNotFoundException | NoSuchMethodException | IllegalAccessException absent) {
      System.err.println(
          "billing: the billing server is not on the class path of the tests; add"
              + " io.billingsdk:billing-cli with the scope test, or give"
              + " LocalBillingServer.builder().jar(path) the path of billing.jar");
      System.exit(2);
    }
  }

  private static void endWithTheTests() {
    try {
      // Nobody writes; only the end counts.
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException gone) {
      // The same as the end.
    }
    System.exit(0);
  }
}
