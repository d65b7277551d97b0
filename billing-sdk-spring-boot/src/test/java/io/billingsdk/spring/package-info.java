/** For the authors of billing-sdk: tests of the auto-configuration. */
@NullMarked
package io.billingsdk.spring;

import org.jspecify.annotations.NullMarked;
