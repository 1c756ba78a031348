{{- define "moi.labels" -}}
app.kubernetes.io/name: moi
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
{{- define "moi.image" -}}
{{- $tag := .Values.image.tag | default .Chart.AppVersion -}}
{{ .Values.image.repository }}{{ if hasPrefix "sha256:" $tag }}@{{ else }}:{{ end }}{{ $tag }}
{{- end }}
