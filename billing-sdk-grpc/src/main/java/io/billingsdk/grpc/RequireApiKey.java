package io.billingsdk.grpc;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Sets the policy of an implementation of a gRPC service, or of a method of it. It needs {@link
 * BillingInterceptors#protect}, and does nothing without it.
 *
 * <p>The one on a method overrides that on its class; the one in a subclass overrides that in its
 * superclass. A method without an annotation keeps that of the method that it overrides.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface RequireApiKey {

  /** The demanded policy. Default: {@link KeyPolicy#REQUIRED}. */
  KeyPolicy value() default KeyPolicy.REQUIRED;
}
