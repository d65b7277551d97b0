/**
 * For engineers who test a Spring Boot service: a billing client without a network in its context.
 * Needs {@code billing-sdk-testkit}.
 */
@NullMarked
package io.billingsdk.spring.test;

import org.jspecify.annotations.NullMarked;
