@NullMarked
package io.billingsdk.server.entitlements;

import org.jspecify.annotations.NullMarked;
