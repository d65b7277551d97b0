package io.billingsdk.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** Options of the JVMs that the benchmarks run in. */
final class ForkOptions {
  private static final List<String> FIXED = List.of("-Xms1g", "-Xmx1g", "-XX:+UseG1GC");

  /** What Chronicle Queue needs of the JDK; its makers' list for Java 17. */
  private static final List<String> CHRONICLE =
      List.of(
          "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
          "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
          "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
          "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED",
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");

  private ForkOptions() {}

  static String[] all() {
    List<String> options = new ArrayList<>(FIXED);
    options.addAll(CHRONICLE);
    String directory = System.getProperty(BenchmarkDirectory.PROPERTY);
    if (directory != null) {
      options.add("-D" + BenchmarkDirectory.PROPERTY + "=" + directory);
    }
    return options.toArray(String[]::new);
  }
}
