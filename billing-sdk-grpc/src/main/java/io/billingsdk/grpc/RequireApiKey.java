package io.billingsdk.grpc;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says what an implementation of a gRPC service, or a method of it, demands of its callers. It
 * works through {@link BillingInterceptors#protect}, and does nothing without it.
 *
 * <p>On a method it counts more than on its class; in a subclass more than in its superclass. An
 * overriding method without an annotation keeps that of the method it overrides.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface RequireApiKey {

  /** What is demanded. Default: {@link KeyPolicy#REQUIRED}. */
  KeyPolicy value() default KeyPolicy.REQUIRED;
}
