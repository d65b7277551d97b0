package io.billingsdk.grpc;

import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The policies that {@link RequireApiKey} gives the methods of one service, by full method name.
 */
final class AnnotatedPolicies implements PolicyRule {
  private final Map<String, KeyPolicy> policies;

  private AnnotatedPolicies(Map<String, KeyPolicy> policies) {
    this.policies = policies;
  }

  static AnnotatedPolicies of(Class<?> implementation, ServiceDescriptor service) {
    Map<String, KeyPolicy> ofJavaMethods = ofJavaMethods(implementation);
    RequireApiKey onClass = implementation.getAnnotation(RequireApiKey.class);
    if (onClass == null && ofJavaMethods.isEmpty()) {
      throw new IllegalArgumentException(
          implementation.getName() + " has no @RequireApiKey, on itself or on a method");
    }
    Map<String, KeyPolicy> policies = new HashMap<>();
    TreeSet<String> unmatched = new TreeSet<>(ofJavaMethods.keySet());
    for (MethodDescriptor<?, ?> method : service.getMethods()) {
      String javaName = javaName(String.valueOf(method.getBareMethodName()));
      KeyPolicy policy = ofJavaMethods.get(javaName);
      if (policy == null) {
        // The generator appends it to a name that is a word of the language.
        javaName += "_";
        policy = ofJavaMethods.get(javaName);
      }
      unmatched.remove(javaName);
      if (policy != null) {
        policies.put(method.getFullMethodName(), policy);
      } else if (onClass != null) {
        policies.put(method.getFullMethodName(), onClass.value());
      }
    }
    if (!unmatched.isEmpty()) {
      throw new IllegalArgumentException(
          "@RequireApiKey on "
              + unmatched
              + " of "
              + implementation.getName()
              + " protects nothing: "
              + service.getName()
              + " has no such method");
    }
    return new AnnotatedPolicies(policies);
  }

  @Override
  public @Nullable KeyPolicy policyOf(MethodDescriptor<?, ?> method) {
    return policies.get(method.getFullMethodName());
  }

  /** The nearest annotation of each Java method, from the class up. */
  private static Map<String, KeyPolicy> ofJavaMethods(Class<?> implementation) {
    Map<String, KeyPolicy> found = new HashMap<>();
    for (Class<?> type = implementation; type != null; type = type.getSuperclass()) {
      for (Method method : type.getDeclaredMethods()) {
        RequireApiKey annotation = method.getAnnotation(RequireApiKey.class);
        // A compiler's bridge carries the annotation of the method that it leads to.
        if (annotation != null && !method.isBridge()) {
          found.putIfAbsent(method.getName(), annotation.value());
        }
      }
    }
    return found;
  }

  /** The name that protoc gives a method in Java: {@code GetAll_items} is {@code getAllItems}. */
  private static String javaName(String bareName) {
    StringBuilder name = new StringBuilder(bareName.length());
    boolean afterUnderscore = false;
    for (int i = 0; i < bareName.length(); i++) {
      char c = bareName.charAt(i);
      if (c == '_') {
        afterUnderscore = true;
      } else {
        name.append(afterUnderscore ? Character.toUpperCase(c) : c);
        afterUnderscore = false;
      }
    }
    return name.isEmpty()
        ? bareName
        : name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }
}
