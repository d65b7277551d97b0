package io.billingsdk.artifacts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** A POM as it stands in its file; nothing of a parent, no property replaced. */
final class Pom {
  private final Element project;

  private Pom(Element project) {
    this.project = project;
  }

  /** One {@code <dependency>}. Absent fields are empty, the scope is {@code compile} then. */
  record Dependency(
      String group, String artifact, String version, String scope, boolean optional) {}

  static Pom read(Path file) throws IOException {
    return new Pom(root(file));
  }

  /** The root element of a file of XML; nothing outside of the file is read. */
  static Element root(Path file) throws IOException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      return factory.newDocumentBuilder().parse(file.toFile()).getDocumentElement();
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(file + " is not well-formed XML: " + e.getMessage(), e);
    }
  }

  /** The text at a path of elements, as {@code scm/url}; empty if there is none. */
  String text(String path) {
    List<Element> found = elements(path);
    return found.isEmpty() ? "" : found.get(0).getTextContent().strip();
  }

  boolean has(String path) {
    return !elements(path).isEmpty();
  }

  String artifact() {
    return text("artifactId");
  }

  String version() {
    String own = text("version");
    return own.isEmpty() ? text("parent/version") : own;
  }

  String packaging() {
    String own = text("packaging");
    return own.isEmpty() ? "jar" : own;
  }

  List<String> texts(String path) {
    return elements(path).stream().map(each -> each.getTextContent().strip()).toList();
  }

  /** Each text of the file, comments left out. */
  List<String> texts() {
    List<String> found = new ArrayList<>();
    collect(project, found);
    return found;
  }

  /** Texts of the elements below that have no elements. */
  private static void collect(Element parent, List<String> found) {
    boolean isLeaf = true;
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element) {
        isLeaf = false;
        collect(element, found);
      }
    }
    if (isLeaf) {
      found.add(parent.getTextContent().strip());
    }
  }

  List<Dependency> dependencies() {
    return dependencies("dependencies/dependency");
  }

  List<Dependency> managed() {
    return dependencies("dependencyManagement/dependencies/dependency");
  }

  /** Plugins, as if they were dependencies; those of profiles are left out. */
  List<Dependency> plugins() {
    List<Dependency> found = new ArrayList<>(dependencies("build/plugins/plugin"));
    found.addAll(dependencies("build/pluginManagement/plugins/plugin"));
    return found;
  }

  private List<Dependency> dependencies(String path) {
    return elements(path).stream()
        .map(
            each ->
                new Dependency(
                    child(each, "groupId").orElse(""),
                    child(each, "artifactId").orElse(""),
                    child(each, "version").orElse("").replace("${project.version}", version()),
                    child(each, "scope").orElse("compile"),
                    child(each, "optional").orElse("false").equals("true")))
        .toList();
  }

  private List<Element> elements(String path) {
    List<Element> found = List.of(project);
    for (String name : path.split("/", -1)) {
      found = found.stream().flatMap(each -> children(each, name).stream()).toList();
    }
    return found;
  }

  private static Optional<String> child(Element parent, String name) {
    return children(parent, name).stream().findFirst().map(each -> each.getTextContent().strip());
  }

  static List<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        found.add(element);
      }
    }
    return found;
  }
}
