package io.tidecast.architectures;

import java.util.Locale;

/** What a tensor at the edge of a network is for. */
public enum Role {
  /** The past, oldest first. */
  CONTEXT("batch,time,channel"),

  /** The same, each channel by itself and cut into patches. */
  PATCHES("batch*channel,patch,step"),

  /** Calendar features of the context's steps. */
  CONTEXT_TIME_FEATURES("batch,time,feature"),

  /** Calendar features of the steps ahead. */
  FUTURE_TIME_FEATURES("batch,horizon,feature"),

  /** Other series over the steps ahead, known beforehand. */
  FUTURE_COVARIATES("batch,horizon,covariate"),

  /** Standard normal draws of a generative forecaster; a long path is drawn in pieces. */
  NOISE("batch,piece,sample,step"),

  /** Only while training: the noise of each token that learns to lose it. */
  FLOW_NOISE("batch,token,step"),

  /** Only while training: how far each token is on its way from noise, and the waves of that. */
  FLOW_TIME("batch,token,wave"),

  /** Point forecasts. */
  POINT("batch,horizon,channel"),

  /** Values that are undercut as often as their level says. */
  QUANTILES("batch,horizon,channel,level"),

  /** Drawn paths. */
  SAMPLES("batch,sample,horizon");

  private final String layout;

  Role(String layout) {
    this.layout = layout;
  }

  /** As manifests and graphs spell it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The axes by name, as manifests spell them. */
  public String layout() {
    return layout;
  }
}
