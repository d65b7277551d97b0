package io.billingsdk.matrix;

import static java.util.Objects.requireNonNull;

import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.TestBroker;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The class path that Maven has resolved for one row.
 *
 * @param name of its folder in {@code rows}
 */
record Row(String name, List<String> classPath) {
  private static final String MAIN = "io.billingsdk.matrix.MatrixService";

  /** The rows that were resolved in this build; none when it did not come as far as the jars. */
  static boolean areResolved() {
    return Files.exists(file("newest"));
  }

  static Row named(String name) throws IOException {
    return read(name, file(name));
  }

  /** The same with what its tests need, for a row that has tests. */
  static Row ofTests(String name) throws IOException {
    return read(name, file(name).resolveSibling("test-classpath.txt"));
  }

  private static Row read(String name, Path file) throws IOException {
    return new Row(name, List.of(Files.readString(file).strip().split(File.pathSeparator)));
  }

  private static Path file(String name) {
    return Path.of("rows", name, "target", "classpath.txt");
  }

  /** The same without jars whose names begin so. */
  Row without(String jar) {
    List<String> rest = classPath.stream().filter(path -> !isJar(path, jar)).toList();
    if (rest.size() == classPath.size()) {
      throw new IllegalArgumentException(name + " has no " + jar);
    }
    return new Row(name, rest);
  }

  /** The same with those of another row whose names begin so, behind its own. */
  Row with(Row other, String jar) {
    List<String> more = other.classPath.stream().filter(path -> isJar(path, jar)).toList();
    return new Row(
        name, java.util.stream.Stream.of(classPath, more).flatMap(List::stream).toList());
  }

  boolean has(String jar) {
    return classPath.stream().anyMatch(path -> isJar(path, jar));
  }

  /** The version of a library, as its jar is named. */
  String version(String library) {
    Pattern named = Pattern.compile(Pattern.quote(library) + "-(\\d.*)\\.jar");
    for (String path : classPath) {
      Matcher matcher = named.matcher(Path.of(path).getFileName().toString());
      if (matcher.matches()) {
        return matcher.group(1);
      }
    }
    return "none";
  }

  private static boolean isJar(String path, String beginning) {
    return Path.of(path).getFileName().toString().startsWith(beginning);
  }

  /** Runs a class with a {@code main} on this class path. */
  List<String> command(String main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(requireNonNull(System.getProperty("java.home")), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp"));
    command.add(String.join(File.pathSeparator, classPath));
    command.add(main);
    command.addAll(List.of(arguments));
    return command;
  }

  /** Runs the service; what it printed, once it has ended. */
  String run(TestBroker broker, String instance, String how)
      throws IOException, InterruptedException {
    List<String> command =
        command(
            MAIN,
            String.valueOf(broker.port()),
            broker.caPem().toString(),
            Role.SDK.user(),
            Role.SDK.password(),
            instance,
            how);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return said;
  }
}
