package io.billingsdk.artifacts;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.w3c.dom.Element;

/**
 * What the bill of materials of a module needs: itself, each dependency, hashes. That the file
 * follows the schema of CycloneDX is checked by the plugin that writes it.
 */
final class SbomRules {
  private static final String SNAPSHOT = "-SNAPSHOT";

  private SbomRules() {}

  static List<String> problems(StagedModule module) throws IOException {
    Element bom = Pom.root(module.file("-cyclonedx.xml"));
    List<String> problems = new ArrayList<>();
    if (!bom.getTagName().equals("bom")
        || !bom.getAttribute("xmlns").startsWith("http://cyclonedx.org/schema/bom/")) {
      problems.add("the SBOM is not of CycloneDX");
      return problems;
    }
    if (!module.has("-cyclonedx.json")) {
      problems.add("the SBOM is missing as JSON");
    } else if (Files.readString(module.file("-cyclonedx.json")).contains(SNAPSHOT)) {
      problems.add("the SBOM names a snapshot as JSON");
    }
    String about = "pkg:maven/io.billingsdk/" + module.artifact() + "@" + module.version();
    if (!purls(Pom.children(bom, "metadata")).contains(about)) {
      problems.add("the SBOM is not about " + about);
    }
    problems.addAll(components(module, bom));
    return problems;
  }

  private static List<String> components(StagedModule module, Element bom) throws IOException {
    List<String> problems = new ArrayList<>();
    Set<String> names = new TreeSet<>();
    for (Element list : Pom.children(bom, "components")) {
      for (Element component : Pom.children(list, "component")) {
        String name = text(component, "name");
        names.add(text(component, "group") + ":" + name);
        if (text(component, "purl").isEmpty() || Pom.children(component, "hashes").isEmpty()) {
          problems.add("the SBOM has " + name + " without a purl or without hashes");
        }
        String version = text(component, "version");
        if (version.isEmpty()) {
          problems.add("the SBOM has " + name + " without a version");
        } else if (version.contains(SNAPSHOT) || text(component, "purl").contains(SNAPSHOT)) {
          problems.add("the SBOM names a snapshot: " + name + " " + version);
        }
      }
    }
    for (Pom.Dependency dependency : module.pom().dependencies()) {
      String name = dependency.group() + ":" + dependency.artifact();
      if (!dependency.scope().equals("test") && !names.contains(name)) {
        problems.add("the SBOM lacks the dependency " + name);
      }
    }
    return problems;
  }

  private static Set<String> purls(List<Element> metadata) {
    Set<String> found = new TreeSet<>();
    for (Element each : metadata) {
      for (Element component : Pom.children(each, "component")) {
        found.add(text(component, "purl").replaceFirst("\\?.*", ""));
      }
    }
    return found;
  }

  private static String text(Element parent, String name) {
    return Pom.children(parent, name).stream()
        .findFirst()
        .map(each -> each.getTextContent().strip())
        .orElse("");
  }
}
