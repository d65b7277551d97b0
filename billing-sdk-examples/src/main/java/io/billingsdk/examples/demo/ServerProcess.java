package io.billingsdk.examples.demo;

import java.io.IOException;
import java.io.OutputStream;

/**
 * {@code billing serve} as a process of the demo: it ends when its standard input does, so that no
 * server and no PostgreSQL outlives a demo that was killed.
 */
final class ServerProcess {
  private ServerProcess() {}

  /** Serves with these options of {@code billing serve}. */
  public static void main(String[] options) {
    Thread watch = new Thread(ServerProcess::endWithTheDemo, "demo-watch");
    watch.setDaemon(true);
    watch.start();
    String[] arguments = new String[options.length + 1];
    arguments[0] = "serve";
    System.arraycopy(options, 0, arguments, 1, options.length);
    System.exit(Main.commandLine().execute(arguments));
  }

  private static void endWithTheDemo() {
    try {
      // Nobody writes; only the end counts.
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException gone) {
      // The same as the end.
    }
    System.exit(0);
  }
}
