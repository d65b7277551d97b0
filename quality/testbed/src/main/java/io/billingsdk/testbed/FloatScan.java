package io.billingsdk.testbed;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Reads class files for binary fractions: a {@code float} or {@code double} in a field, a
 * parameter, a result, a constant, a local variable or a called method, or one of their boxes.
 * Money and quantities must not meet one on any path.
 *
 * <p>It reads what {@code javap} of the running JDK prints. Stateless.
 */
public final class FloatScan {
  private static final Pattern INSTRUCTION =
      Pattern.compile(
          "\\s*\\d+: ([fd](add|sub|mul|div|rem|neg|a?load(_\\d)?|a?store(_\\d)?|const_\\d|return"
              + "|cmp[lg]|2[ilfd])|[il]2[fd]|newarray\\s+(float|double)"
              + "|ldc2?(_w)?\\s.*// (float|double) .*)\\s*");
  private static final Pattern CONSTANT = Pattern.compile("\\s*#\\d+ = (Float|Double)\\s.*");
  private static final Pattern BOX = Pattern.compile(".*java/lang/(Float|Double)\\b.*");
  private static final Pattern DESCRIPTOR =
      Pattern.compile(".*(?:descriptor: |NameAndType .*// .*:|MethodType .*// )(\\S+)\\s*");
  private static final Pattern CLASS_IN_DESCRIPTOR = Pattern.compile("L[^;]*;");

  private static final List<String> OPTIONS = List.of("-v", "-p");
  private static final String CLASS_FILE = "Classfile ";

  private FloatScan() {}

  /**
   * The lines of the listing that show a binary fraction, each with its class file.
   *
   * @param classes a directory with class files, in packages below it or in itself
   * @throws IllegalStateException if there are none, or {@code javap} is missing
   */
  public static List<String> findings(Path classes) throws IOException {
    List<String> findings = new ArrayList<>();
    String current = "";
    for (String line : listing(classFiles(classes)).lines().toList()) {
      if (line.startsWith(CLASS_FILE)) {
        current = line.substring(CLASS_FILE.length());
      } else if (showsBinaryFraction(line)) {
        findings.add(current + ": " + line.strip());
      }
    }
    return findings;
  }

  /** The class files below a directory. */
  public static List<Path> classFiles(Path classes) throws IOException {
    try (Stream<Path> files = Files.walk(classes)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(".class")).sorted().toList();
      if (found.isEmpty()) {
        // A scan of nothing would pass for ever.
        throw new IllegalStateException("no class files below " + classes);
      }
      return found;
    }
  }

  private static boolean showsBinaryFraction(String line) {
    if (INSTRUCTION.matcher(line).matches()
        || CONSTANT.matcher(line).matches()
        || BOX.matcher(line).matches()) {
      return true;
    }
    var descriptor = DESCRIPTOR.matcher(line);
    if (!descriptor.matches()) {
      return false;
    }
    String types = CLASS_IN_DESCRIPTOR.matcher(descriptor.group(1)).replaceAll("");
    return types.indexOf('D') >= 0 || types.indexOf('F') >= 0;
  }

  private static String listing(List<Path> files) {
    ToolProvider javap =
        ToolProvider.findFirst("javap")
            .orElseThrow(() -> new IllegalStateException("no javap: run on a JDK"));
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    // All in one call: each call reads the JDK's modules again.
    Stream<String> arguments = Stream.concat(OPTIONS.stream(), files.stream().map(Path::toString));
    int exit = javap.run(writer, writer, arguments.toArray(String[]::new));
    if (exit != 0) {
      throw new IllegalStateException("javap failed: " + out);
    }
    return out.toString();
  }
}
