package io.billingsdk.artifacts;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** A small staged repository in which everything is right, for tests that break it. */
final class StagedByHand {
  static final String VERSION = "1.2.3";
  static final String PARENT = "billing-sdk-parent";
  static final String CORE = "billing-sdk-core";
  static final String SHADED = "billing-sdk-core-shaded";
  static final String BOM = "billing-sdk-bom";
  static final Set<String> PUBLISHED = Set.of(PARENT, CORE, SHADED, BOM);

  private static final String METADATA =
      """
      <description>d</description><url>https://example.org</url>
      <licenses><license><name>MIT</name><url>https://example.org/mit</url></license></licenses>
      <developers><developer><name>Ada</name></developer></developers>
      <scm><connection>c</connection><developerConnection>c</developerConnection><url>u</url></scm>
      """;
  private static final String CHILD =
      "<parent><artifactId>billing-sdk-parent</artifactId><version>1.2.3</version></parent>";

  private final Path repository;

  StagedByHand(Path repository) {
    this.repository = repository;
  }

  Path file(String artifact, String ending) {
    return repository.resolve(
        "io/billingsdk/" + artifact + "/" + VERSION + "/" + artifact + "-" + VERSION + ending);
  }

  void write() throws IOException {
    pom(PARENT, "<packaging>pom</packaging><version>1.2.3</version>" + METADATA);
    jarModule(CORE, dependency("com.fasterxml.jackson.core", "jackson-databind", "2.21.8"));
    jarModule(SHADED, dependency("com.fasterxml.jackson.core", "jackson-databind", "2.21.8"));
    pom(
        BOM,
        "<packaging>pom</packaging><version>1.2.3</version>"
            + METADATA
            + "<dependencyManagement><dependencies>"
            + dependency("io.billingsdk", CORE, "${project.version}")
            + dependency("io.billingsdk", SHADED, "${project.version}")
            + "</dependencies></dependencyManagement>");
  }

  private void jarModule(String artifact, String dependencies) throws IOException {
    pom(artifact, CHILD + "<dependencies>" + dependencies + "</dependencies>");
    jar(artifact, ".jar", "io.billingsdk", "io/billingsdk/Billing.class");
    jar(artifact, "-sources.jar", "", "io/billingsdk/Billing.java");
    jar(artifact, "-javadoc.jar", "", "index.html", "io/billingsdk/package-summary.html");
    String self = "pkg:maven/io.billingsdk/" + artifact + "@1.2.3?type=jar";
    upload(
        file(artifact, "-cyclonedx.xml"),
        """
        <bom xmlns="http://cyclonedx.org/schema/bom/1.6"><metadata><component>
        <name>%s</name><purl>%s</purl></component></metadata><components><component>
        <group>com.fasterxml.jackson.core</group><name>jackson-databind</name><version>2.21.8</version><hashes/>
        <purl>pkg:maven/x</purl></component></components></bom>
        """
            .formatted(artifact, self));
    upload(file(artifact, "-cyclonedx.json"), "{}");
  }

  static String dependency(String group, String artifact, String version) {
    return "<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>"
        .formatted(group, artifact, version);
  }

  private void pom(String artifact, String content) throws IOException {
    String head = "<artifactId>" + artifact + "</artifactId><name>n</name>";
    upload(file(artifact, ".pom"), "<project>" + head + content + "</project>");
  }

  /** Replaces a text of a POM that is there, or of another file of text. */
  void replace(String artifact, String ending, String text, String by) throws IOException {
    Path file = file(artifact, ending);
    String content = Files.readString(file);
    if (!content.contains(text)) {
      throw new IllegalArgumentException(file + " has no " + text + ": " + content);
    }
    upload(file, content.replace(text, by));
  }

  /** Writes a jar with empty entries of these names. */
  void jar(String artifact, String ending, String moduleName, String... entries)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes)) {
      jar.putNextEntry(new JarEntry("META-INF/MANIFEST.MF"));
      String name = moduleName.isEmpty() ? "" : "Automatic-Module-Name: " + moduleName + "\r\n";
      jar.write(("Manifest-Version: 1.0\r\n" + name + "\r\n").getBytes(StandardCharsets.UTF_8));
      for (String entry : entries) {
        jar.putNextEntry(new JarEntry(entry));
      }
    }
    upload(file(artifact, ending), bytes.toByteArray());
  }

  private static void upload(Path file, String text) throws IOException {
    upload(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void upload(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.resolve("..").normalize());
    Files.write(file, bytes);
    for (String[] each : new String[][] {{"md5", "MD5"}, {"sha1", "SHA-1"}}) {
      Files.writeString(
          file.resolveSibling(file.getFileName() + "." + each[0]), hex(bytes, each[1]));
    }
    Files.writeString(file.resolveSibling(file.getFileName() + ".asc"), "a signature");
  }

  private static String hex(byte[] bytes, String algorithm) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
